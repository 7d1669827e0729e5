/**
 * PostgreSQL to a committed dataset, alternating with `psql COPY` of the same query to a file. The server, psql and the step share the machine.
 * `npm run benchmark:postgres` [rows of the flat table, 5,000,000] [orders, 1,000,000] [rounds, 3].
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { postgresPrograms, startPostgres } from '../support/postgres-server.ts';
import type { ExtractCosts } from './postgres/extract-process.ts';
import { benchmarkTables } from './postgres/tables.ts';

const run = promisify(execFile);
const [flatRows = 5_000_000, orders = 1_000_000, rounds = 3] = process.argv.slice(2).map(Number);
const script = fileURLToPath(new URL('postgres/extract-process.ts', import.meta.url));
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

const programs = postgresPrograms;
if (programs === null) throw new Error('PostgreSQL is not installed');
const server = await startPostgres(['shared_buffers = 1GB', 'max_wal_size = 4GB']);
const folder = await mkdtemp(join(tmpdir(), 'benchmark-postgres-'));
try {
  const client = new pg.Client({ connectionString: server.url });
  client.on('error', () => {});
  await client.connect();
  for (const [name, rows] of [
    ['flat', flatRows],
    ['nested', orders],
  ] as const) {
    const table = benchmarkTables[name];
    if (table === undefined) continue;
    await client.query(table.create.replaceAll('$rows', String(rows)));
    await client.query('VACUUM ANALYZE');
    const text = table.query.texts.join('');
    const csv = join(folder, 'copy.csv');
    const psql = async (): Promise<number> => {
      const start = performance.now();
      await run(join(programs, 'psql'), [
        server.url,
        '-c',
        `\\copy (${text.replaceAll('\n', ' ')}) TO '${csv}' (FORMAT csv)`,
      ]);
      return performance.now() - start;
    };
    const extract = async (round: number): Promise<ExtractCosts> => {
      const store = join(folder, `store-${round}`);
      const env = {
        ...process.env,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
        DAYBREAK_SCRATCH_MB: '10240',
        DAYBREAK_SCRATCH: join(folder, 'scratch'),
      };
      const { stdout } = await run(process.execPath, [script, server.url, name, store], { env });
      await rm(store, { recursive: true });
      return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    };
    await psql();
    const ratios: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const copied = await psql();
      const extracted = await extract(round);
      if (extracted.rows !== rows) throw new Error(`${extracted.rows} rows, not ${rows}`);
      ratios.push(copied / extracted.wallMs);
      const rate = (ms: number): string => `${Math.round(rows / ms)} k rows/s`;
      console.log(
        `${table.name}, ${rows} rows, ${Math.round((await stat(csv)).size / 1e6)} MB of CSV: psql ${rate(copied)}, dataset ${rate(extracted.wallMs)} (${Math.round((100 * copied) / extracted.wallMs)}%), ${Math.round(extracted.cpuMs)} ms of processor time, at most ${Math.round(extracted.peakMb)} MB`,
      );
    }
    console.log(`${table.name}: ${Math.round(100 * median(ratios))}% of psql's speed (median of ${rounds})`);
  }
  await client.end();
} finally {
  await server.remove();
  await rm(folder, { recursive: true, force: true });
}
