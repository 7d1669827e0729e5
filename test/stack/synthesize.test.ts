import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { synthesize } from '../../lib/stack/synthesize.ts';
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
  vi.stubEnv('CDK_OUTDIR', out);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test('a project in any folder becomes stacks; context chooses environment and pipeline', async () => {
  inContext({ env: 'staging', pipeline: 'orders' });
  const root = project({ 'pipelines/stock.yaml': pipeline('stock', 'not_written_yet') });
  expect([await synthesize(root), said]).toEqual([true, []]);
  const stack = (part: string) => readFileSync(join(out, `daybreak-staging-${part}.template.json`), 'utf8');
  expect(stack('orders')).toContain('"MemorySize": 2048');
  // The shared stack is the same whichever pipelines are deployed: runs of the other one keep expiring.
  expect(stack('shared')).toContain('"stock/runs/"');
  expect(() => stack('stock')).toThrow('ENOENT');
});

test('what is wrong with a template or a handler is said with its place, and nothing is synthesised', async () => {
  const root = project({
    'pipelines/stock.yaml': `${pipeline('stock')}    retires: 3\n`,
    'pipelines/users.yaml': pipeline('users', 'broken'),
    'lambdas/steps/users/broken.ts': 'export const handler = ;\n',
  });
  expect(await synthesize(root)).toBe(false);
  expect(said.join('\n')).toMatch(/stock\.yaml:13:5 UNKNOWN_KEY/);
  expect(said.join('\n')).toContain('lambdas/steps/users/broken.ts:1:24 HANDLER_NOT_COMPILABLE Unexpected ";"');
  expect(() => readFileSync(join(out, 'manifest.json'))).toThrow('ENOENT');
});

test.each<[string, Record<string, string>, object, string]>([
  ['a pipeline that does not exist', {}, { pipeline: 'order' }, 'there is no pipeline "order"; there are orders'],
  [
    'two pipelines of one name',
    { 'pipelines/again.yaml': pipeline('orders') },
    {},
    'two templates in pipelines/ have the name "orders"',
  ],
])('%s is said, and nothing is synthesised', async (_, more, context, message) => {
  inContext(context);
  expect(await synthesize(project(more))).toBe(false);
  expect(said).toEqual([message]);
});
