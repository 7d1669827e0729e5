import { describe, expect, test } from 'vitest';
import type { FunctionEntry } from '../../lib/bundle/function-entry.ts';
import { handlerCode } from '../../lib/bundle/handler-code.ts';
import type { Diagnostic } from '../../lib/diagnostics/diagnostic.ts';
import { projectOf, refuse } from './project.ts';

const a: FunctionEntry = { entry: 'lambdas/steps/p/a.ts', export: 'handler' };
const b: FunctionEntry = { entry: 'lambdas/steps/p/b.ts', export: 'handler' };

const files = {
  'lambdas/steps/p/a.ts': `import { defineStep } from 'daybreak';
import type { Row } from './rows.ts';
import { total } from '../../../lib/total.ts';
export const handler = defineStep(async (step) => total(step.input.rows as Row[]));
`,
  'lambdas/steps/p/b.ts': `import pg from 'pg';
export const handler = async () => new pg.Client();
export const other = 1;
`,
  'lambdas/steps/p/rows.ts': 'export interface Row { amount: number }\n',
  'lib/total.ts': `import { add } from './add.ts';
export const total = (rows: { amount: number }[]): number => rows.reduce((sum, row) => add(sum, row.amount), 0);
`,
  'lib/add.ts': 'export const add = (x: number, y: number): number => x + y;\n',
};

const digestsOf = async (...given: Parameters<typeof handlerCode>): Promise<ReadonlyMap<string, string>> =>
  new Map([...(await handlerCode(...given))].map(([key, { digest: found }]) => [key, found]));

const digest = async (changes: Record<string, string> = {}, entries: readonly FunctionEntry[] = [a, b]) =>
  digestsOf(entries, { root: projectOf({ ...files, ...changes }), report: refuse });

const before = await digest();
const ofA = before.get('lambdas/steps/p/a.ts#handler');

describe('the digest of a handler', () => {
  test('is the same in any folder, in any order and beside any handlers', async () => {
    expect(ofA).toMatch(/^[0-9a-f]{32}$/);
    expect(before.get('lambdas/steps/p/b.ts#handler')).not.toBe(ofA);
    expect(await digest({}, [b, a])).toEqual(before);
    expect((await digest({}, [a])).get('lambdas/steps/p/a.ts#handler')).toBe(ofA);
  });

  test.each<[string, Record<string, string>]>([
    ['comments', { 'lib/add.ts': `// sums\n/** twice */ ${files['lib/add.ts']}` }],
    ['layout', { 'lib/add.ts': 'export const add = (\n  x: number,\n  y: number,\n): number =>\n  x +\n  y;\n' }],
    ['types', { 'lambdas/steps/p/rows.ts': 'export interface Row { amount: number; note?: string }\n' }],
    ['another handler', { 'lambdas/steps/p/b.ts': 'export const handler = 1;\n' }],
    ['a tsconfig.json', { 'tsconfig.json': '{"compilerOptions":{"target":"es5"}}' }],
  ])('does not change with %s', async (_, changes) => {
    expect((await digest(changes)).get('lambdas/steps/p/a.ts#handler')).toBe(ofA);
  });

  test.each<[string, Record<string, string>]>([
    [
      'its own code',
      { 'lambdas/steps/p/a.ts': files['lambdas/steps/p/a.ts'].replace('step.input.rows', 'step.input.all') },
    ],
    ['a module that an imported module imports', { 'lib/add.ts': files['lib/add.ts'].replace('x + y', 'y - x') }],
  ])('changes with %s', async (_, changes) => {
    const changed = (await digest(changes)).get('lambdas/steps/p/a.ts#handler');
    expect(changed).toMatch(/^[0-9a-f]{32}$/);
    expect(changed).not.toBe(ofA);
  });

  test('differs between two exports of a file', async () => {
    const other = await digest({}, [b, { ...b, export: 'other' }]);
    expect(new Set(other.values()).size).toBe(2);
  });
});

describe('a handler that cannot be used', () => {
  const problems = async (changes: Record<string, string>, entry = a): Promise<Diagnostic[]> => {
    const found: Diagnostic[] = [];
    const digests = await handlerCode([entry], {
      root: projectOf({ ...files, ...changes }),
      report: (d) => found.push(d),
    });
    expect(digests.size).toBe(0);
    return found;
  };

  test('is reported at the file, line and character of the mistake', async () => {
    const [problem, ...more] = await problems({ 'lib/add.ts': `const ä = 'ö'; export const add = ;\n` });
    expect(more).toEqual([]);
    expect(problem).toMatchObject({
      code: 'HANDLER_NOT_COMPILABLE',
      severity: 'error',
      message: 'Unexpected ";"',
      span: { file: 'lib/add.ts', line: 1, column: 35, endLine: 1, endColumn: 36 },
    });
  });

  test.each([
    ['lodash', 'the package "lodash" is not installed: npm install lodash'],
    ['lodash/fp.js', 'the package "lodash" is not installed: npm install lodash'],
    ['@acme/rates/today', 'the package "@acme/rates" is not installed: npm install @acme/rates'],
  ])('that imports the missing package %s says how to install it', async (name, message) => {
    const [problem] = await problems({ 'lib/total.ts': `import { add } from '${name}';\nexport const total = add;\n` });
    expect(problem).toMatchObject({ message, span: { file: 'lib/total.ts', line: 1, column: 21 } });
  });

  test('is reported at the import of a missing file', async () => {
    const [problem] = await problems({ 'lib/total.ts': `import { add } from './ad.ts';\nexport const total = add;\n` });
    expect(problem).toMatchObject({
      code: 'HANDLER_NOT_COMPILABLE',
      message: 'there is no file "./ad.ts"; imports name the file with its ending',
      span: { file: 'lib/total.ts', line: 1, column: 21 },
    });
  });

  test('is reported with its exports if it lacks the one that the template names', async () => {
    expect(await problems({}, { ...b, export: 'run' })).toEqual([
      {
        code: 'HANDLER_EXPORT_MISSING',
        severity: 'error',
        message: '"lambdas/steps/p/b.ts" has no export "run"; it exports "handler", "other"',
        span: { file: 'lambdas/steps/p/b.ts', line: 1, column: 1, endLine: 1, endColumn: 1 },
      },
    ]);
  });
});
