import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { typeErrors } from '../support/type-check.ts';
import { cli } from './cli.ts';
import { project } from './project.ts';
import { typeMistakes, typesProject } from './types-project.ts';

/** The messages of one file by line; other messages are given as they are. */
const byLine = (messages: readonly string[], file: string): (readonly [number, string] | string)[] =>
  messages
    .filter((message) => !message.startsWith(' '))
    .map((message) => {
      const [, line, text] = new RegExp(`^${file}\\((\\d+),\\d+\\): error (.*)$`).exec(message) ?? [];
      return text === undefined ? message : ([Number(line), text] as const);
    });

test('handlers of a project with odd names have exact types, and each mistake is the error that it should be', async () => {
  const root = await project(typesProject);
  expect(await cli(['types'], { cwd: root })).toMatchObject({ code: 0, stderr: '' });
  const declarations = await readFile(join(root, 'lambdas/daybreak.d.ts'), 'utf8');
  const found = byLine(
    await typeErrors({ ...typesProject, 'lambdas/daybreak.d.ts': declarations, 'lambdas/mistakes.ts': typeMistakes }),
    'lambdas/mistakes.ts',
  );
  const wanted = typeMistakes
    .split('\n')
    .flatMap((line, index) => (line.includes('// TS') ? [[index + 1, line.split('// ')[1]] as const] : []));
  expect(found.map((one) => (typeof one === 'string' ? one : one[0]))).toEqual(wanted.map(([line]) => line));
  for (const [index, [, text]] of wanted.entries()) expect(found[index]?.[1]).toContain(text);
});

test('without generated types a handler that names its step compiles, untyped', async () => {
  const handlers = Object.fromEntries(Object.entries(typesProject).filter(([path]) => path.endsWith('count.ts')));
  const untyped = `import { defineStep } from 'daybreak';
export const a = defineStep<'orders.extract'>(async (step) => [step.result('any'), step.input.day, step.rows('x.y')]);
export const b = defineStep(async (step) => step.result<{ n: number }>('any').n);
export const c = defineStep<{ day: string }, { pages: number }, { page: number }>(async (step) => step.checkpoint?.page);
`;
  expect(await typeErrors({ ...handlers, 'lambdas/untyped.ts': untyped })).toEqual([]);
});
