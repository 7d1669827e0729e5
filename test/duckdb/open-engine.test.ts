import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const library = fileURLToPath(new URL('../../lib/duckdb/', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'daybreak-engine-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The output of a separate process. */
const run = (program: string, environment: Record<string, string> = {}): string =>
  execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: { ...process.env, DAYBREAK_SCRATCH: scratch, TZ: 'Asia/Tokyo', ...environment },
    timeout: 30_000,
  }).trim();

const opened = `const { openEngine } = await import('${library}open-engine.ts'); const engine = await openEngine(); const session = await engine.session();`;

test("a process that is done ends although its engine is open, and removes the engine's folder", () => {
  expect(run(`${opened} console.log((await session.all('SELECT 1 AS one'))[0].one);`)).toBe('1');
  expect(readdirSync(scratch)).toEqual([]);
});

test('nothing watches the memory of a process that is not a function', () => {
  expect(run(`${opened} console.log(engine.memory, engine.limits.functionMemoryMb);`)).toBe('null 1024');
});

test('in a function the limits follow from its memory and scratch, and DuckDB gets them', () => {
  const ask = `SELECT current_setting('threads')::INTEGER AS threads, current_setting('max_temp_directory_size') AS spill, current_setting('TimeZone') AS zone`;
  const program = `${opened} const [row] = await session.all(\`${ask}\`); console.log(JSON.stringify([engine.memory !== null, engine.limits.interruptMb, row]));`;
  const output = run(program, { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512', DAYBREAK_SCRATCH_MB: '2048' });
  expect(JSON.parse(output)).toEqual([true, 471, { threads: 1, spill: '1.7 GiB', zone: 'UTC' }]);
});

test('a query that fills a function is interrupted before Lambda would kill the function', () => {
  // So little memory that the process is over the limit before the first query.
  const program = `${opened} const failed = await session.run('SELECT count(*) FROM range(100000000) a, range(1000) b').catch((error) => error);
    console.log(failed.name + ': ' + failed.message);`;
  expect(run(program, { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '64' })).toContain(
    'PermanentError: a query needs more memory than its step has: memory_mb is 64, of which a query can use 64 MB; memory_mb: 256 would do',
  );
});

test('the first session loads the driver, not the import of its modules', () => {
  const program = `await import('${library}open-engine.ts'); await import('${library}guard/guard-sql.ts');
    const { createRequire } = await import('node:module');
    console.log(Object.keys(createRequire('${library}').cache ?? {}).filter((path) => path.includes('duckdb/node-api')).length);`;
  expect(run(program)).toBe('0');
});
