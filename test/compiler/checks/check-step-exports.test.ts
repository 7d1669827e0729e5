import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkStepExports } from '../../../lib/compiler/checks/check-step-exports.ts';

const root = mkdtempSync(join(tmpdir(), 'daybreak-exports-'));

const found = async (source: string, name = 'handler'): Promise<string[]> => {
  writeFileSync(join(root, 'x.ts'), source);
  const said: string[] = [];
  await checkStepExports([{ entry: 'x.ts', export: name }], root, ({ span, message }) =>
    said.push(`${span.line}:${span.column} ${message}`),
  );
  return said;
};

test.each([
  ['export const handler = async (step: any) => ({});', 'a function'],
  ['export const handler = step => 5;', 'a function'],
  ['export async function handler(event: { a: number }): Promise<void> {}', 'a function'],
  ['export const handler = function () {};', 'a function'],
  ['export class handler {}', 'a class'],
  ['export const handler = 5;', 'a value'],
  ['export const handler = { run: 1 };', 'a value'],
  ['const go = async () => 1;\nexport { go as handler };', 'a function'],
  ['function handler() {}\nexport { handler };', 'a function'],
  ['export const handler: unknown = null;', 'a value'],
])('%s exports no step', async (source, what) => {
  expect(await found(source)).toEqual([expect.stringContaining(`exports "handler", which is ${what} and no step`)]);
});

test.each([
  "import { defineStep } from 'daybreak';\nexport const handler = defineStep(async () => 1);",
  'export const handler = wrap(async () => 1);',
  "export { handler } from './other.ts';",
  "export * from './other.ts';",
  "import { x } from './x.ts';\nexport { x as handler };",
  'const made = wrap();\nexport const handler = made;',
  'export const handler = (() => wrap())();',
  'export const handler = ok ? a : b;',
  'const go = wrap();\nexport { go as handler };',
])('%s may be a step', async (source) => expect(await found(source)).toEqual([]));

test('the place is that of the export', async () => {
  expect(await found('const a = 1;\n\nexport const go = 5;', 'go')).toEqual([expect.stringMatching('^3:1 "x.ts"')]);
});
