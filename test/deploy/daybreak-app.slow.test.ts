import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DaybreakApp } from '../../lib/deploy/app/daybreak-app.ts';
import { projectOf } from '../bundle/project.ts';

const pipeline = (name: string, handler = 'load') => `name: ${name}
namespace_name: tests
version: 1.0.0
environments:
  staging:
    steps:
      - name: load
        memory_mb: 2048
steps:
  - name: load
    handler:
      callable: ${handler}
`;
const handler = `import { defineStep } from 'daybreak';
export const handler = defineStep(async () => ({ rows: 1 }));
`;
const project = (more: Record<string, string> = {}) =>
  projectOf({ 'pipelines/orders.yaml': pipeline('orders'), 'lambdas/steps/orders/load.ts': handler, ...more });

const said: string[] = [];
let out = '';
const inContext = (context: object) => vi.stubEnv('CDK_CONTEXT_JSON', JSON.stringify(context));

beforeEach(() => {
  said.length = 0;
  vi.spyOn(console, 'error').mockImplementation((text: string) => void said.push(text));
  out = mkdtempSync(join(tmpdir(), 'daybreak-out-'));
});

/** Synthesises a project; gives the message of the error, or null. */
const synthesize = (root: string): string | null => {
  try {
    new DaybreakApp({ root, outdir: out }).synth();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
};

afterEach(() => {
  rmSync(out, { recursive: true, force: true });
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test('a project in any folder becomes stacks; context chooses environment and pipeline', () => {
  inContext({ env: 'staging', pipeline: 'orders' });
  const root = project({ 'pipelines/stock.yaml': pipeline('stock', 'not_written_yet') });
  expect([synthesize(root), said]).toEqual([null, []]);
  const stack = (part: string) => readFileSync(join(out, `daybreak-staging--${part}.template.json`), 'utf8');
  expect(stack('orders')).toContain('"MemorySize": 2048');
  // The shared stack is the same for any deployed pipelines: no rule of its bucket names one.
  expect(stack('shared')).not.toMatch(/"(stock|orders)\//);
  expect(() => stack('stock')).toThrow('ENOENT');
});

test('all functions and the layer are for arm64, or for x86_64 by one switch', () => {
  for (const [context, architecture, binding] of [
    [{}, 'arm64', 'node-bindings-linux-arm64'],
    [{ architecture: 'x86_64' }, 'x86_64', 'node-bindings-linux-x64'],
  ] as const) {
    inContext(context);
    expect([synthesize(project()), said]).toEqual([null, []]);
    const { Resources } = JSON.parse(readFileSync(join(out, 'daybreak-orders.template.json'), 'utf8'));
    const properties = Object.values(
      Resources as Record<string, { Type: string; Properties: Record<string, unknown> }>,
    );
    const functions = properties.filter(({ Type }) => Type === 'AWS::Lambda::Function');
    expect(functions.map(({ Properties }) => Properties.Architectures)).toEqual(Array(8).fill([architecture]));
    const layer = properties.find(({ Properties }) => String(Properties.Description).startsWith('DuckDB'));
    expect(layer?.Properties.CompatibleArchitectures).toEqual([architecture]);
    const { S3Key } = (layer?.Properties.Content ?? {}) as { S3Key?: string };
    const asset = join(out, `asset.${S3Key?.replace('.zip', '')}`, 'nodejs/node_modules/@duckdb');
    expect(readdirSync(asset)).toEqual(['node-api', 'node-bindings', binding]);
  }
});

test('a fault in a template or a handler is reported with its place, and nothing is synthesised', () => {
  const root = project({
    'pipelines/stock.yaml': `${pipeline('stock')}    retires: 3\n`,
    'pipelines/users.yaml': pipeline('users', 'broken'),
    'lambdas/steps/users/broken.ts': 'export const handler = ;\n',
  });
  const said = synthesize(root);
  expect(said).toMatch(/stock\.yaml:13:5 UNKNOWN_KEY/);
  expect(said).toContain('lambdas/steps/users/broken.ts:1:24 HANDLER_NOT_COMPILABLE Unexpected ";"');
  expect(() => readFileSync(join(out, 'manifest.json'))).toThrow('ENOENT');
});

test.each<[string, Record<string, string>, object, string]>([
  ['a pipeline that does not exist', {}, { pipeline: 'order' }, 'there is no pipeline "order"; did you mean "orders"?'],
  [
    'an architecture that Lambda does not have',
    {},
    { architecture: 'amd64' },
    'Lambda has no architecture "amd64"; there are arm64 (the default) and x86_64',
  ],
])('%s is reported, and nothing is synthesised', (_, more, context, message) => {
  inContext(context);
  expect(synthesize(project(more))).toBe(message);
});

test('two pipelines of one name are an error of the templates, and nothing is synthesised', () => {
  inContext({});
  expect(synthesize(project({ 'pipelines/again.yaml': pipeline('orders') }))).toContain(
    'DUPLICATE_PIPELINE the pipeline "orders" occurs twice',
  );
});
