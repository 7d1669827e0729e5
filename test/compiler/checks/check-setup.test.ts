import { expect, test } from 'vitest';
import { checkSetup } from '../../../lib/compiler/checks/check-setup.ts';
import { parse } from '../template/parse.ts';

const found = (setup: string, allowMissingHandlers = false) => {
  const { template } = parse(`name: p\nlocal: { setup: ${setup} }\nsteps: [{ name: a, handler: a }]\n`);
  const said: { code: string; severity: string; line: number; column: number }[] = [];
  const project = { exists: (path: string) => path === 'lib/start.ts', allowMissingHandlers };
  if (template)
    checkSetup(template, project, ({ code, severity, span }) =>
      said.push({ code, severity, line: span.line, column: span.column }),
    );
  return said;
};

test('a module of local.setup that does not exist is an error at its place', () => {
  expect(found('lib/gone.ts')).toEqual([{ code: 'SETUP_NOT_FOUND', severity: 'error', line: 2, column: 17 }]);
  expect(found('lib/start.ts')).toEqual([]);
});

test('where handlers may be missing it is a warning', () => {
  expect(found('lib/gone.ts', true)).toMatchObject([{ severity: 'warning' }]);
});
