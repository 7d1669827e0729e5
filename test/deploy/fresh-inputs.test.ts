import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { areCurrent, forgetInputs, inputsOf } from '../../lib/deploy/compile/fresh-inputs.ts';
import { projectOf } from '../bundle/project.ts';

const handler = 'lambdas/steps/orders/load.ts';
const template = 'pipelines/orders.yaml';

/** True if a compiled template is still current after a change of its project. */
const currentAfter = (change: (root: string) => void): boolean => {
  const root = projectOf({ [template]: 'name: orders\n', [handler]: 'export {};\n', 'README.md': 'x' });
  forgetInputs();
  const inputs = inputsOf(root, [template, handler]);
  change(root);
  forgetInputs();
  return areCurrent(root, inputs);
};

test.each<[string, (root: string) => void]>([
  ['nothing', () => undefined],
  ['a time alone', (root) => utimesSync(join(root, handler), new Date(0), new Date(0))],
  ['another file', (root) => writeFileSync(join(root, 'README.md'), 'y')],
])('a template stays current when %s changes', (_, change) => {
  expect(currentAfter(change)).toBe(true);
});

test.each<[string, (root: string) => void]>([
  ['its text', (root) => writeFileSync(join(root, template), 'name: stock\n')],
  ['a handler', (root) => writeFileSync(join(root, handler), 'export const a = 1;\n')],
  ['a handler that is gone', (root) => rmSync(join(root, handler))],
  ['a new file that could be a handler', (root) => writeFileSync(join(root, 'lambdas/steps/other.ts'), '')],
])('a template is compiled again after a change of %s', (_, change) => {
  expect(currentAfter(change)).toBe(false);
});
