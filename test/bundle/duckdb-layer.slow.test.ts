import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cp, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { bundleFunctions } from '../../lib/bundle/bundle-functions.ts';
import { duckdbLayer, LayerNotMade } from '../../lib/bundle/layers/duckdb-layer.ts';
import { runtimeLayer } from '../../lib/bundle/layers/runtime-layer.ts';
import { sharedKey } from '../../lib/bundle/shared-index.ts';
import type { StepEvent } from '../../lib/contract/payloads.ts';
import type { StepSpec } from '../../lib/contract/step-spec.ts';
import { projectOf, refuse } from './project.ts';

const scratch = mkdtempSync(join(tmpdir(), 'daybreak-layer-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

const arm64 = await duckdbLayer('arm64');
const x86 = await duckdbLayer('x86_64');
const modules = (folder: string) => join(folder, 'nodejs/node_modules');

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();

/** The processor that a Linux program or library is built for: e_machine of its ELF header. */
const machineOf = (file: string): number => {
  const head = readFileSync(file).subarray(0, 20);
  expect(head.subarray(0, 6).toString('latin1')).toBe('\x7fELF\x02\x01');
  return head.readUInt16LE(18);
};
const [forX86, forArm64] = [62, 183];

describe.each([
  ['arm64', arm64, 'linux-arm64', forArm64],
  ['x86_64', x86, 'linux-x64', forX86],
] as const)('the layer for %s', (_, { folder }, platform, machine) => {
  test('has only the driver, its bindings, the library for this one platform and the licences', () => {
    expect(filesIn(folder)).toEqual([
      'nodejs/node_modules/@duckdb/node-api/LICENSE',
      'nodejs/node_modules/@duckdb/node-api/lib/index.js',
      'nodejs/node_modules/@duckdb/node-api/package.json',
      `nodejs/node_modules/@duckdb/node-bindings-${platform}/LICENSE`,
      `nodejs/node_modules/@duckdb/node-bindings-${platform}/duckdb.node`,
      `nodejs/node_modules/@duckdb/node-bindings-${platform}/libduckdb.so`,
      `nodejs/node_modules/@duckdb/node-bindings-${platform}/package.json`,
      'nodejs/node_modules/@duckdb/node-bindings/LICENSE',
      'nodejs/node_modules/@duckdb/node-bindings/duckdb.js',
      'nodejs/node_modules/@duckdb/node-bindings/package.json',
    ]);
  });

  test('holds code for its processor, and needs no newer C library than Lambda has (2.34)', () => {
    for (const name of ['duckdb.node', 'libduckdb.so']) {
      const file = join(modules(folder), `@duckdb/node-bindings-${platform}`, name);
      expect(machineOf(file)).toBe(machine);
      const wanted = [...readFileSync(file, 'latin1').matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
      expect(Math.max(...wanted)).toBeLessThanOrEqual(34);
    }
  });

  test('takes at most 75 MB of the 250 MB that a function and its layers may have', () => {
    const bytes = filesIn(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
    expect(bytes).toBeGreaterThan(50_000_000);
    expect(bytes).toBeLessThan(75_000_000);
  });

  test('is readable for the user that functions run as', () => {
    for (const file of filesIn(folder)) expect(statSync(join(folder, file)).mode & 0o444, file).toBe(0o444);
  });
});

test('two builds have the same digest, also if they run at once', async () => {
  const cache = join(scratch, 'cache');
  const [one, two] = await Promise.all([duckdbLayer('arm64', cache), duckdbLayer('arm64', cache)]);
  expect([one.digest, two.digest, one.folder]).toEqual([arm64.digest, arm64.digest, two.folder]);
  expect(readdirSync(cache)).toHaveLength(1);
  expect(x86.digest).not.toBe(arm64.digest);
});

test('a finished layer is found without npm and network', async () => {
  vi.stubEnv('PATH', '/nowhere');
  expect(await duckdbLayer('arm64')).toEqual(arm64);
});

test('with an empty cache and no registry, an error names the remedy within seconds', async () => {
  vi.stubEnv('npm_config_cache', join(scratch, 'empty'));
  vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9/');
  const cache = join(scratch, 'none');
  const failed = await duckdbLayer('arm64', cache).catch((error) => error);
  expect(failed).toBeInstanceOf(LayerNotMade);
  expect(failed.message).toMatch(
    /^the Lambda layer with DuckDB 1\.5\.5-r\.5 for arm64 cannot be made: npm has its packages neither in its cache nor from its registry \(FetchError: request to http:\/\/127\.0\.0\.1:9\/.*ECONNREFUSED.*\)\. Run `npx cdk synth -q` once/,
  );
  expect(failed.message).toContain('`npm cache add @duckdb/node-bindings-linux-arm64@1.5.5-r.5`');
  expect(readdirSync(cache)).toEqual([]);
  vi.stubEnv('PATH', '/nowhere');
  await expect(duckdbLayer('arm64', cache)).rejects.toThrow('npm cannot be started');
});

// These tests need a machine that can run the layer.
describe.runIf(process.platform === 'linux' && process.arch === 'x64')('in a function', () => {
  /** Runs an ES module in a folder without packages, with only the layer in NODE_PATH. */
  const run = (script: string, nodePath = modules(x86.folder)): string =>
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: scratch,
      encoding: 'utf8',
      env: { NODE_PATH: nodePath },
    });
  const load = "import { createRequire } from 'node:module'; const require = createRequire(process.cwd() + '/x.js');";

  test('the driver is found by require through NODE_PATH, wherever the layer lies, and answers a query', async () => {
    const opt = join(scratch, 'opt');
    await cp(x86.folder, opt, { recursive: true });
    const script = `${load}
      const { DuckDBInstance } = require('@duckdb/node-api');
      const connection = await (await DuckDBInstance.create(':memory:')).connect();
      const reader = await connection.runAndReadAll("SELECT 6 * 7 AS answer, version() AS version, DATE '2026-01-31' AS day");
      console.log(JSON.stringify(reader.getRowObjectsJson()), require.resolve('@duckdb/node-api'));`;
    expect(run(script, modules(opt))).toBe(
      `[{"answer":42,"version":"v1.5.5","day":"2026-01-31"}] ${opt}/nodejs/node_modules/@duckdb/node-api/lib/index.js\n`,
    );
    await rename(opt, join(scratch, 'opt2'));
    expect(run(script, modules(join(scratch, 'opt2')))).toContain('"answer":42');
  });

  test('an import statement would not find it: NODE_PATH is for require alone', () => {
    const script = "await import('@duckdb/node-api').catch(({ code }) => console.log(code));";
    expect(run(script)).toBe('ERR_MODULE_NOT_FOUND\n');
  });

  test('a step that writes datasets, from rows and by a query, needs only its bundle and the layer', async () => {
    const root = projectOf({
      'lambdas/steps/p/count.ts': `import { defineStep } from 'daybreak';
export const handler = defineStep(async (step) => {
  const writer = step.writer('orders', { columns: { id: 'BIGINT', amount: 'DECIMAL(18,4)' } });
  await writer.append([{ id: 1, amount: '1.5000' }, { id: 2, amount: '2.2500' }]);
  await step.write('sum', step.sql('SELECT 1::BIGINT AS one'));
  return { rows: writer.rowCount };
});
`,
    });
    const entry = { entry: 'lambdas/steps/p/count.ts', export: 'handler' };
    const fn = { modules: [{ entry, steps: ['count'] }], timeouts: {} };
    const runtime = join((await runtimeLayer(join(scratch, 'runtime'), 'test')).folder, 'nodejs/daybreak');
    const bundles = await bundleFunctions([fn], { root, report: refuse, runtime });
    const folder = mkdtempSync(join(scratch, 'task-'));
    for (const [name, content] of Object.entries(bundles.get(sharedKey(fn))?.files ?? {})) {
      writeFileSync(join(folder, name), content);
    }
    const count: StepSpec = {
      name: 'count',
      dependencies: [],
      trigger_rule: 'all_success',
      severity: 'low',
      definition: 'd',
      code: 'c',
      config: { initialization: {} },
      budgets: { step: 1, time_out: 1, platform: 1 },
      delays: { backoff: 'none', initial_seconds: 1, longest_seconds: 1, jitter: false },
    };
    const event: StepEvent = {
      run: {
        pipeline: 'p',
        run_id: 'r',
        execution: 1,
        execution_arn: 'arn',
        redrive_count: 0,
        started_at: '2026-01-31T00:00:00Z',
        scheduled_time: null,
        input: {},
      },
      state: { Name: 'count' },
    };
    const script = `const { handler } = await import('./index.mjs');
      const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 60_000 };
      console.log(JSON.stringify(await handler(${JSON.stringify(event)}, context)));`;
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        NODE_PATH: modules(x86.folder),
        DAYBREAK_STORE: pathToFileURL(join(folder, 'store')).href,
        DAYBREAK_SCRATCH: join(folder, 'files'),
        DAYBREAK_SCRATCH_MB: '512',
        DAYBREAK_PLAN: JSON.stringify({ count }),
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      },
    });
    expect(JSON.parse(said.trim().split('\n').at(-1) ?? '')).toMatchObject({ outcome: 'succeeded' });
    const parts = filesIn(join(folder, 'store')).filter((file) => file.endsWith('.parquet'));
    expect(parts.map((file) => file.split('/').slice(-2).join('/'))).toEqual([
      'orders/part-00000.parquet',
      'sum/part-00000.parquet',
    ]);
  });

  test('the driver in one file has the same exports as the package, with its bindings beside it', () => {
    const script = `${load}
      const exported = Object.entries(require('@duckdb/node-api')).map(([name, value]) => [name, typeof value, value?.name ?? null]);
      const bindings = createRequire(require.resolve('@duckdb/node-api'))('@duckdb/node-bindings');
      console.log(JSON.stringify([exported.sort(), typeof bindings.vector_get_data]));`;
    const own = createRequire(import.meta.url)('@duckdb/node-api') as Record<string, { name?: unknown }>;
    const expected = Object.entries(own).map(([name, value]) => [name, typeof value, value?.name ?? null]);
    expect(expected.length).toBeGreaterThan(200);
    expect(JSON.parse(run(script))).toEqual([JSON.parse(JSON.stringify(expected.sort())), 'function']);
  });

  test('the driver is loaded in 200 ms of processor time (28 where nothing else runs)', () => {
    const script = `${load} const began = process.cpuUsage(); require('@duckdb/node-api'); const { user, system } = process.cpuUsage(began); console.log((user + system) / 1000);`;
    const times = Array.from({ length: 5 }, () => Number(run(script)));
    expect(Math.min(...times)).toBeLessThan(200);
  });
});
