import { readFileSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { handlerCode } from '../../../lib/bundle/handler-code.ts';
import { pinCode } from '../../../lib/offline/kept/pin-code.ts';
import { projectOf, refuse } from '../../bundle/project.ts';

const entry = { entry: 'lambdas/steps/p/a.ts', export: 'handler' };
const sources = {
  'lambdas/steps/p/a.ts': `import { rate } from './rate.ts';
import limits from './limits.json' with { type: 'json' };
// A comment, and types: compiled code has other lines.
interface Row { readonly amount: number }

export const handler = async (row: Row) => {
  const { later } = await import('./later.ts');
  if (row.amount < 0) throw new RangeError('negative');
  return [rate, limits.most, later];
};
`,
  'lambdas/steps/p/rate.ts': "export const rate = 'old';\n",
  'lambdas/steps/p/later.ts': "export const later = 'old';\n",
  'lambdas/steps/p/limits.json': '{ "most": "old" }\n',
};

test('an execution runs the code that was read at its start, even if each file of it is edited meanwhile', async () => {
  const root = projectOf(sources);
  const code = await handlerCode([entry], { root, report: refuse });
  for (const file of Object.keys(sources)) edit(join(root, file));
  const file = (await pinCode(code, join(root, 'store/code')))(entry);
  const { handler } = (await import(pathToFileURL(file).href)) as { handler: (row: object) => Promise<string[]> };
  expect(await handler({ amount: 1 })).toEqual(['old', 'old', 'old']);

  const edited = await handlerCode([entry], { root, report: refuse });
  expect(edited.get('lambdas/steps/p/a.ts#handler')?.digest).not.toBe(code.get('lambdas/steps/p/a.ts#handler')?.digest);
  const next = (await pinCode(edited, join(root, 'store/code')))(entry);
  const after = (await import(pathToFileURL(next).href)) as { handler: (row: object) => Promise<string[]> };
  expect(await after.handler({ amount: 1 })).toEqual(['new', 'new', 'new']);
});

test('the map of pinned code leads to the line of the source, wherever the store is', async () => {
  const root = projectOf(sources);
  const code = await handlerCode([entry], { root, report: refuse });
  const file = (await pinCode(code, join(projectOf({}), 'elsewhere')))(entry);
  const text = readFileSync(file, 'utf8').split('\n');
  const line = text.findIndex((one) => one.includes('RangeError'));
  const column = text[line]?.indexOf('new RangeError') ?? -1;
  const map = JSON.parse(readFileSync(`${file}.map`, 'utf8'));
  const found = new SourceMap(map).findEntry(line, column);
  const source = 'originalSource' in found ? `${map.sourceRoot}${found.originalSource}` : '';
  expect(new URL(source).href).toBe(pathToFileURL(join(root, 'lambdas/steps/p/a.ts')).href);
  expect('originalLine' in found && found.originalLine).toBe(
    sources['lambdas/steps/p/a.ts'].slice(0, sources['lambdas/steps/p/a.ts'].indexOf('new RangeError')).split('\n')
      .length - 1,
  );
  expect(text.at(-2)).toMatch(/^\/\/# sourceMappingURL=[0-9a-f]{32}\.mjs\.map$/);
});

function edit(file: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('old', 'new').replace('negative', 'below zero'));
}
