import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadDuckDB } from '../../lib/duckdb/load-duckdb.ts';

const program = fileURLToPath(new URL('./limited-process.ts', import.meta.url));
const rows = 2_500_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybreak-memory-'));
  const instance = await loadDuckDB().DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT 'O' || lpad(i::VARCHAR, 9, '0') AS order_id, 'U' || lpad((hash(i) % ${rows / 10})::VARCHAR, 8, '0') AS customer_id,
     list_transform(range((1 + hash(i, 1) % 4)::BIGINT), x -> {'product_id': 'P' || (hash(i, x) % 50000), 'quantity': (1 + hash(i, x, 1) % 9)::INTEGER}) AS items,
     ((hash(i, 2) % 100000) / 100)::DECIMAL(18, 4) AS total FROM range(${rows}) t(i)) TO '${join(folder, 'orders')}' (FORMAT parquet, FILE_SIZE_BYTES '20MB')`,
  );
  connection.disconnectSync();
  instance.closeSync();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A memory cgroup of this size; null if none can be made, as in most containers. */
const makeCgroup = (memoryMb: number): string | null => {
  const path = `/sys/fs/cgroup/memory/daybreak-test-${process.pid}`;
  try {
    mkdirSync(path);
    writeFileSync(join(path, 'memory.limit_in_bytes'), `${memoryMb}M`);
    return path;
  } catch {
    return null;
  }
};

const runLimited = (
  memoryMb: number,
  queries: Record<string, string>,
): Record<string, { peakMb: number; error: string | null }> => {
  const cgroup = makeCgroup(memoryMb);
  try {
    const args = [program, String(memoryMb), cgroup ?? '-', join(folder, 'orders'), JSON.stringify(queries)];
    const output = execFileSync(process.execPath, args, {
      encoding: 'utf8',
      env: { ...process.env, DAYBREAK_SCRATCH: join(folder, 'scratch'), DAYBREAK_SCRATCH_MB: '2048' },
    });
    if (cgroup !== null) expect(readFileSync(join(cgroup, 'memory.oom_control'), 'utf8')).not.toMatch(/oom_kill [1-9]/);
    return JSON.parse(output);
  } finally {
    if (cgroup !== null) rmdirSync(cgroup);
  }
};

describe.runIf(process.platform === 'linux')('memory of a small function', () => {
  const orders = '"extract"."orders"';

  test('transforms stay within three quarters of it, one after the other, although their data is larger', () => {
    const memoryMb = 384;
    const results = runLimited(memoryMb, {
      median: `SELECT customer_id, median(total) AS m FROM ${orders} GROUP BY ALL`,
      aggregate: `SELECT customer_id, count(*) AS n, sum(total)::DECIMAL(18,4) AS s FROM ${orders} GROUP BY ALL ORDER BY ALL`,
      unnest: `SELECT i.product_id, sum(i.quantity)::BIGINT AS n FROM (SELECT unnest(items) AS i FROM ${orders}) GROUP BY ALL`,
      join: `SELECT o.*, p.n FROM ${orders} o JOIN (SELECT customer_id, count(*) AS n FROM ${orders} GROUP BY ALL) p USING (customer_id)`,
      sort: `SELECT * EXCLUDE items FROM ${orders} ORDER BY total, order_id`,
      window: `SELECT order_id, row_number() OVER (PARTITION BY customer_id ORDER BY total) AS r FROM ${orders}`,
    });
    expect(Object.entries(results).filter(([, { error }]) => error !== null)).toEqual([]);
    expect(Object.entries(results).filter(([, { peakMb }]) => peakMb > memoryMb * 0.75)).toEqual([]);
  }, 240_000);

  test('a query that cannot fit ends in an error that names the query and a sufficient memory, never in a kill', () => {
    const queries = {
      all_orders: `SELECT len(list(o)) AS n FROM ${orders} o`,
      'per customer': `SELECT customer_id, list(order_id) AS l, string_agg(order_id, ',') AS t FROM ${orders} GROUP BY ALL`,
    };
    const failed = runLimited(320, queries);
    for (const [name, { peakMb, error }] of Object.entries(failed)) {
      expect(error).toContain(
        `PermanentError: the query "${name}" needs more memory than its step has: memory_mb is 320,`,
      );
      expect(peakMb).toBeLessThan(320);
    }
    const named = Object.values(failed).map(({ error }) => Number(/memory_mb: (\d+) would do/.exec(error ?? '')?.[1]));
    const again = runLimited(Math.max(...named), queries);
    expect(Object.values(again).map(({ error }) => error)).toEqual([null, null]);
  }, 240_000);

  test('a scratch that is too small is reported as the cause', () => {
    const args = [
      program,
      '384',
      '-',
      join(folder, 'orders'),
      JSON.stringify({ sort: `FROM ${orders} ORDER BY total` }),
    ];
    const output = execFileSync(process.execPath, args, {
      encoding: 'utf8',
      env: { ...process.env, DAYBREAK_SCRATCH: join(folder, 'scratch'), DAYBREAK_SCRATCH_MB: '20' },
    });
    expect(JSON.parse(output).sort.error).toBe(
      'PermanentError: the query "sort" spills more than scratch has room for: ephemeral_storage_mb is 20; set ephemeral_storage_mb: 40, or memory_mb: 768, with which it puts less aside',
    );
  }, 120_000);
});
