import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { localRuntime } from '../../lib/bundle/local-runtime.ts';
import { MemoryRun } from '../connectors/memory-step.ts';
import { postgresPrograms, startPostgres } from '../support/postgres-server.ts';

const entry = 'lambdas/platform/steps.ts';

test('the runtime is compiled when a source has changed, and not before', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'daybreak-runtime-'));
  const first = await localRuntime([entry], cache);
  expect(await localRuntime([entry], cache)).toEqual(first);
  const [record = ''] = readdirSync(cache).filter((name) => name.endsWith('.json'));
  const made = JSON.parse(readFileSync(join(cache, record), 'utf8'));
  expect(Object.keys(made.sources)).toContain('lib/runtime/define-step.ts');
  made.sources['lib/runtime/define-step.ts'] = '1 1';
  writeFileSync(join(cache, record), JSON.stringify(made));
  const second = await localRuntime([entry], cache);
  expect(second?.modules.daybreak).not.toBe(first?.modules.daybreak);
  expect(await localRuntime([entry], cache)).toEqual(second);
});

test.skipIf(postgresPrograms === null)(
  'the compiled sources and sinks read and load tables (skipped where PostgreSQL is not installed)',
  async () => {
    // Its packages resolve from the usual place only.
    const runtime = await localRuntime([entry]);
    const server = await startPostgres();
    const client = await server.connect();
    await client.query('CREATE TABLE target (id int)');
    const { loadPostgres } = await import(runtime?.modules['daybreak/sinks'] ?? '');
    const target = { url: server.url, table: 'target', columns: ['id'], mode: 'replace' };
    expect(await loadPostgres(new MemoryRun().step(), [{ id: 7 }], target)).toEqual({ rows: 1, applied: true });
    const { readPostgres, sql } = await import(runtime?.modules['daybreak/sources'] ?? '');
    const read = (database: { rows(query: unknown): Promise<unknown> }) => database.rows(sql`SELECT id FROM target`);
    expect(await readPostgres(new MemoryRun().step(), { url: server.url }, read)).toEqual([{ id: 7 }]);
    await client.end();
    await server.remove();
  },
);
