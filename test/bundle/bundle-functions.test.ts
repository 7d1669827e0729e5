import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { bundleFunctions, type FunctionBundle, platformBundle } from '../../lib/bundle/bundle-functions.ts';
import type { FunctionEntry } from '../../lib/bundle/function-entry.ts';
import { runtimeLayer } from '../../lib/bundle/layers/runtime-layer.ts';
import { handlerFile, type SharedFunction, sharedKey } from '../../lib/bundle/shared-index.ts';
import { platformFunctions } from '../../lib/contract/platform-functions.ts';
import type { Diagnostic } from '../../lib/diagnostics/diagnostic.ts';
import { slowTest } from '../support/sized.ts';
import { projectOf, refuse } from './project.ts';

const files = {
  'lambdas/steps/p/fetch.ts': `import pg from 'pg';
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
export const load = async (event: { name: string }) => \`\${event.name} \${typeof pg.Client} \${typeof require('node:fs').readFile}\`;
`,
  'lambdas/steps/p/fail.ts': `import { PermanentError } from 'daybreak';
class OutOfPaper extends PermanentError { override name = 'OutOfPaper'; }
export const handler = async () => { throw new OutOfPaper('no paper'); };
`,
  'lambdas/steps/p/read.ts': `import { PermanentError } from 'daybreak';
import { ident } from 'daybreak/sources';
export const handler = async () => { try { ident(''); } catch (error) { return [error instanceof PermanentError, error.name, ident('a"b').text]; } };
`,
  'lambdas/steps/p/query.ts': `import { DuckDBInstance } from '@duckdb/node-api';
export const handler = async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  return (await connection.runAndReadAll('SELECT 42')).getRows();
};
`,
  'lambdas/steps/p/ask.ts': `import http, { request } from 'node:http';
import * as process from 'node:process';
import { slowTest } from '../support/sized.ts';
export const handler = async () => {
  const { createServer } = await import('http');
  return [http.request === request, typeof createServer, process.platform === globalThis.process.platform,
    globalThis.process.moduleLoadList.some((name) => name.includes('undici'))];
};
`,
  'lambdas/steps/p/loud.ts': `console.log('loaded');\nexport const handler = async () => 'done';\n`,
};
const load: FunctionEntry = { entry: 'lambdas/steps/p/fetch.ts', export: 'load' };
const fail: FunctionEntry = { entry: 'lambdas/steps/p/fail.ts', export: 'handler' };
const read: FunctionEntry = { entry: 'lambdas/steps/p/read.ts', export: 'handler' };
const query: FunctionEntry = { entry: 'lambdas/steps/p/query.ts', export: 'handler' };
const loud: FunctionEntry = { entry: 'lambdas/steps/p/loud.ts', export: 'handler' };
const ask: FunctionEntry = { entry: 'lambdas/steps/p/ask.ts', export: 'handler' };

/** A function with one step, called `only`. */
const alone = (entry: FunctionEntry): SharedFunction => ({ modules: [{ entry, steps: ['only'] }], timeouts: {} });
const keyOf = (entry: FunctionEntry): string => sharedKey(alone(entry));

const layer = await runtimeLayer(mkdtempSync(join(tmpdir(), 'daybreak-runtime-')), 'the sources of this test');
/** Stands for /opt/nodejs/daybreak. */
const runtime = join(layer.folder, 'nodejs/daybreak');

const bundled = (entries: readonly FunctionEntry[]) =>
  bundleFunctions(entries.map(alone), { root: projectOf(files), report: refuse, runtime });
const bundles = await bundled([load, fail, read, query, ask]);

/** The handler's output in a process that has only the bundle and a layer, as in Lambda. */
const invoke = (bundle: FunctionBundle | undefined, layer = '', step = 'only'): string => {
  const folder = mkdtempSync(join(tmpdir(), 'daybreak-bundle-'));
  for (const [name, content] of Object.entries(bundle?.files ?? {})) writeFileSync(join(folder, name), content);
  const script = `import('./index.mjs').then(({ handler }) => handler({ name: 'orders', state: { Name: '${step}' } }, { getRemainingTimeInMillis: () => 9000 })).then(console.log, (error) => console.log(error.stack))`;
  return execFileSync(process.execPath, ['--enable-source-maps', '-e', script], {
    cwd: folder,
    encoding: 'utf8',
    env: { NODE_PATH: layer },
  });
};

describe('a bundle', () => {
  test('runs alone, with CommonJS dependencies, and calls the export that the template names', () => {
    expect(invoke(bundles.get(keyOf(load)))).toBe('orders function function\n');
  });

  test('finds DuckDB in the layer, also by an import statement, and holds no part of it', () => {
    const own = fileURLToPath(new URL('../../node_modules', import.meta.url));
    expect(invoke(bundles.get(keyOf(query)), own)).toBe('[ [ 42 ] ]\n');
    expect(invoke(bundles.get(keyOf(query)))).toContain("Cannot find module '@duckdb/node-api'");
    for (const [key, { files }] of bundles) {
      const text = Object.values(files).map((file) => Buffer.from(file).toString('latin1'));
      // The driver cannot work without this class.
      expect(text.join('').match(/class \w*DuckDBResultReader/), key).toBeNull();
      expect(
        Object.keys(files).filter((name) => !/\.mjs(\.map)?$/.test(name)),
        key,
      ).toEqual([]);
    }
  });

  test('takes only the used parts of Node modules: node:http brings no fetch', () => {
    expect(invoke(bundles.get(keyOf(ask)))).toBe("[ true, 'function', true, false ]\n");
  });

  test('names the line of the source in stack traces', () => {
    expect(invoke(bundles.get(keyOf(fail)))).toMatch(/^OutOfPaper: no paper\n.*fail\.ts:3:/);
  });

  test('has the library of sources only if the handler imports it, with the same error classes', () => {
    expect(invoke(bundles.get(keyOf(read)))).toBe(`[ true, 'PermanentError', '"a""b"' ]\n`);
    expect(Object.keys(bundles.get(keyOf(fail))?.files ?? {})).not.toContain('daybreak-sources.mjs');
  });

  test('of an SQL step holds its queries, and changes when a query changes', async () => {
    const ofText = (text: string): FunctionEntry => ({
      entry: 'queries',
      export: 'handler',
      sql: { form: 'one', datasets: [{ name: 'd', text, file: 'd.sql' }], result: null },
    });
    const [one, two] = [ofText("SELECT '`${1}\\n\u2028' AS n"), ofText('SELECT 2 AS n')] as const;
    const made = await bundled([one, two]);
    const [first, second] = [one, two].map((entry) => made.get(keyOf(entry)));
    expect(Object.keys(first?.files ?? {})).toContain('daybreak-sql.mjs');
    expect(Buffer.from(second?.files[handlerFile(two)] ?? '').toString()).toContain('SELECT 2 AS n');
    expect(first?.digest).not.toBe(second?.digest);
    // It gets as far as the event, which does not belong to a step.
    expect(invoke(first)).toContain('PermanentError: the event is not what this function takes');
  });

  slowTest('depends on the sources alone, not on the folder or on the order and number of functions', async () => {
    const digests = (of: ReadonlyMap<string, FunctionBundle>) =>
      Object.fromEntries([...of].map(([key, { digest }]) => [key, digest]));
    const [both, reversed, alone] = [await bundled([load, fail]), await bundled([fail, load]), await bundled([fail])];
    expect(Object.keys(digests(both))).toEqual([keyOf(load), keyOf(fail)]);
    expect(digests(reversed)).toEqual(digests(both));
    expect(digests(alone)).toEqual({ [keyOf(fail)]: both.get(keyOf(fail))?.digest });
  });

  test('of several steps loads only the code of the invoked step, at its first invocation', () => {
    const fn: SharedFunction = {
      modules: [
        { entry: load, steps: ['one', 'two'] },
        { entry: loud, steps: ['three'] },
      ],
      timeouts: { two: 5 },
    };
    const options = { root: projectOf(files), report: refuse, runtime };
    return bundleFunctions([fn], options).then((made) => {
      const bundle = made.get(sharedKey(fn));
      const ask = (step: string) => invoke(bundle, '', step);
      expect([ask('one'), ask('two'), ask('three')]).toEqual([
        'orders function function\n',
        'orders function function\n',
        'loaded\ndone\n',
      ]);
      expect(ask('four')).toContain('Error: this function runs one, two, three, and was asked for four');
      expect(ask('constructor')).toContain('was asked for constructor');
      expect(Buffer.from(bundle?.files['index.mjs'] ?? '').toString()).toMatch(/"two": \{.*timeoutSeconds: 5 \}/);
    });
  });

  test('of the platform is one line for each function, which leads to its handler in the layer', () => {
    const { files } = platformBundle({ runtime });
    expect(Object.keys(files).sort()).toEqual(
      Object.values(platformFunctions)
        .map(({ placeholder }) => `${placeholder}.mjs`)
        .sort(),
    );
    const folder = mkdtempSync(join(tmpdir(), 'daybreak-bundle-'));
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const script = `import('./Prepare.mjs').then(({ handler }) => handler({}, {})).catch((error) => console.log(error.message))`;
    const said = execFileSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8', env: {} });
    expect(said).toContain('the event is not what this function takes');
    expect(Buffer.from(platformBundle().files['Wait.mjs'] ?? '').toString()).toMatch(
      /^export \{ handler \} from "\/opt\/nodejs\/daybreak\/platform-\d\.mjs";\n$/,
    );
  });

  test('has no part of the runtime, and the layer has it once', () => {
    const text = Object.values(bundles.get(keyOf(fail))?.files ?? {}).map((file) => Buffer.from(file).toString());
    expect(text.join('').length).toBeLessThan(4_000);
    expect(text.join('')).not.toContain('executions/');
  });

  test('is not made if an export is missing, and a diagnostic reports it', async () => {
    const problems: Diagnostic[] = [];
    const options = { root: projectOf(files), report: (diagnostic: Diagnostic) => problems.push(diagnostic) };
    expect((await bundleFunctions([alone({ ...fail, export: 'run' })], options)).size).toBe(0);
    expect(problems).toMatchObject([
      {
        code: 'HANDLER_NOT_COMPILABLE',
        message: expect.stringContaining('No matching export in "lambdas/steps/p/fail.ts"'),
      },
    ]);
  });
});
