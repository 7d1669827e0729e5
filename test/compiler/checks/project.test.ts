import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findCollisions } from '../../../lib/compiler/find-collisions.ts';
import { findPipelines } from '../../../lib/compiler/find-pipelines.ts';
import { loadPipeline } from '../../../lib/compiler/load-pipeline.ts';
import { sourcesBelow } from '../../../lib/compiler/project-files.ts';

function project(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'daybreak-project-')));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

const pipeline = (name: string, more = '') => `name: ${name}\nsteps: [{ name: a, handler: go }]\n${more}`;
const go = "import { defineStep } from 'daybreak';\nexport const handler = defineStep(async () => ({}));\n";

const codesOf = async (root: string) => {
  const options = { root, environment: null, allowMissingHandlers: false };
  const { diagnostics } = await loadPipeline(join(root, 'pipelines/p.yaml'), options);
  return diagnostics.map(({ code, span }) => `${code} ${span.line}:${span.column}`);
};

test('hidden files and links to nowhere are no templates, and links are not followed for proposals', async () => {
  const root = project({
    'pipelines/p.yaml': pipeline('p'),
    'pipelines/.hidden.yaml': 'not a template',
    'lambdas/steps/p/go.ts': go,
    'lambdas/steps/p/.draft.ts': go,
  });
  symlinkSync('nowhere.yaml', join(root, 'pipelines/.#p.yaml'));
  symlinkSync('nowhere.yaml', join(root, 'pipelines/gone.yaml'));
  symlinkSync('..', join(root, 'lambdas/steps/p/around'));
  symlinkSync('/usr', join(root, 'lambdas/steps/p/out'));
  expect(await findPipelines(root)).toEqual([join(root, 'pipelines/p.yaml')]);
  expect(sourcesBelow(root, 'lambdas/steps')).toEqual(['lambdas/steps/p/go.ts']);
  expect(await codesOf(root)).toEqual([]);
});

test('bytes that are not UTF-8 have their place; a byte order mark may stand at the beginning', async () => {
  const latin = Buffer.from(pipeline('p', 'description: M\u00fcnchen\n'), 'latin1');
  const root = project({ 'pipelines/p.yaml': latin, 'lambdas/steps/p/go.ts': go });
  expect(await codesOf(root)).toEqual(['BAD_ENCODING 3:15']);
  writeFileSync(join(root, 'pipelines/p.yaml'), `\ufeff${pipeline('p')}`);
  expect(await codesOf(root)).toEqual([]);
});

test('environments that are not chosen are held to their graph, handlers and queries', async () => {
  const environments = `environments:
  unknown: { steps: [{ name: a, dependencies: [zz] }] }
  self: { steps: [{ name: a, dependencies: [a] }] }
  gone: { steps: [{ name: a, handler: nowhere }] }
  plain: { steps: [{ name: a, handler: plain }] }
  query: { steps: [{ name: q, sql: { query: SELECT no } }] }
`;
  const template = `name: p\nsteps: [{ name: a, handler: go }, { name: q, sql: { query: SELECT 1 AS n } }]\n${environments}`;
  const files = { 'lambdas/steps/p/go.ts': go, 'lambdas/steps/p/plain.ts': 'export const handler = () => 1;\n' };
  expect(await codesOf(project({ ...files, 'pipelines/p.yaml': template }))).toEqual([
    'UNKNOWN_STEP 4:48',
    'SELF_DEPENDENCY 5:45',
    'HANDLER_NOT_FOUND 6:39',
    'UNKNOWN_COLUMN 8:52',
  ]);
  const sound = template.replace(/ {2}(unknown|self|gone|query).*\n/g, '');
  expect(await codesOf(project({ ...files, 'pipelines/p.yaml': sound }))).toEqual(['HANDLER_NOT_A_STEP 1:1']);
});

test('templates that cannot stand beside each other are found by their names', async () => {
  const root = project({ 'pipelines/a.yaml': pipeline('orders_x'), 'pipelines/b.yaml': pipeline('orders-x') });
  const found = [...(await findCollisions(await findPipelines(root), [])).values()].flat();
  expect(found).toMatchObject([{ code: 'DUPLICATE_PIPELINE', span: { line: 1, column: 7 } }]);
});
