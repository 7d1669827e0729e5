import { expect, test } from 'vitest';
import { parseAndCheck } from '../template/parse.ts';

const steps = (...lines: string[]) =>
  parseAndCheck(`name: p\nsteps:\n${lines.map((line) => `  - { ${line} }\n`).join('')}`);

test('a good pipeline gives a graph with sorted dependencies', () => {
  const { graph, codes } = steps(
    'name: c, handler: c, dependencies: [b, a]',
    'name: b, handler: b',
    'name: a, handler: a',
  );
  expect(codes).toEqual([]);
  expect(graph?.names).toEqual(['a', 'b', 'c']);
  expect(graph?.dependencies.get('c')).toEqual(['a', 'b']);
});

test('two steps of one name are an error with both places', () => {
  const { found, graph } = steps('name: a, handler: a', 'name: a, handler: b');
  expect(found).toMatchObject([
    {
      code: 'DUPLICATE_STEP',
      span: { line: 4, column: 13 },
      related: { message: 'first defined here', span: { line: 3 } },
    },
  ]);
  expect(graph).toBeNull();
});

test('steps and datasets whose names differ in case only are errors: queries do not tell them apart', () => {
  const { found } = steps(
    'name: orders, handler: a',
    'name: Orders, handler: b',
    'name: c, handler: c, dependencies: [orders, Orders]',
  );
  expect(found).toMatchObject([
    { code: 'DUPLICATE_STEP', span: { line: 4, column: 13 }, related: { span: { line: 3 } } },
  ]);
  expect(found[0]?.message).toContain('differ only in case');
  expect(steps('name: a, handler: a, outputs: { d: {}, D: {} }').codes).toEqual(['DUPLICATE_KEY 3:46']);
  const sql = 'sql: { datasets: { d: { query: SELECT 1 AS x }, D: { query: SELECT 2 AS x } } }';
  expect(steps(`name: a, ${sql}`).codes).toEqual(['DUPLICATE_KEY 3:64']);
});

test('a dependency on nothing names the nearest step, but not the step itself', () => {
  const { found } = steps(
    'name: extract, handler: a',
    'name: extrat, handler: b, dependencies: [extrct]',
    'name: zzz, handler: b, dependencies: [qqq]',
  );
  expect(found.map((d) => [d.code, d.span.line, d.span.column, d.message])).toEqual([
    ['UNKNOWN_STEP', 4, 48, 'step "extrat" depends on "extrct", which is not a step; did you mean "extract"?'],
    ['UNKNOWN_STEP', 5, 45, 'step "zzz" depends on "qqq", which is not a step'],
  ]);
});

test('a step that depends on itself, or twice on another, is an error', () => {
  const { codes } = steps('name: a, handler: a, dependencies: [a]', 'name: b, handler: b, dependencies: [a, a]');
  expect(codes).toEqual(['SELF_DEPENDENCY 3:43', 'DUPLICATE_DEPENDENCY 4:46']);
});

test('a circle names every step in order, at one of its dependencies', () => {
  const { found, graph } = steps(
    'name: a, handler: a, dependencies: [x, c]',
    'name: b, handler: b, dependencies: [a]',
    'name: c, handler: c, dependencies: [b]',
    'name: x, handler: x',
  );
  expect(found).toMatchObject([{ code: 'CYCLE', span: { line: 3, column: 46, endColumn: 47 } }]);
  expect(found[0]?.message).toBe(
    'steps depend on each other in a circle: "a" on "c" on "b" on "a"; remove one of these dependencies',
  );
  expect(graph).toBeNull();
});

test('a pipeline without steps is an error', () => {
  expect(parseAndCheck('name: p\nsteps: []\n').codes).toEqual(['NO_STEPS 2:8']);
});

test("a handler's file that does not exist is an error with the path and the nearest file", () => {
  const { found } = steps('name: a, handler: missing_orders', 'name: b, handler: { callable: ExtractOrder_missing }');
  expect(found.map((d) => [d.code, d.severity, d.span.line, d.span.column])).toEqual([
    ['HANDLER_NOT_FOUND', 'error', 3, 25],
    ['HANDLER_NOT_FOUND', 'error', 4, 37],
  ]);
  expect(found[1]?.message).toBe(
    'the handler of step "b" is looked for in lambdas/steps/p/extract-order-missing.ts, which does not exist; did you mean lambdas/steps/p/extract-orders.ts?',
  );
});

test('missing handlers can be turned into warnings', () => {
  const { found, graph } = parseAndCheck('name: p\nsteps: [{ name: a, handler: missing }]', true);
  expect(found).toMatchObject([{ code: 'HANDLER_NOT_FOUND', severity: 'warning' }]);
  expect(graph?.names).toEqual(['a']);
});

test('a handler that could not be resolved is not looked for', () => {
  expect(steps('name: a, handler: /missing.ts').codes).toEqual(['BAD_HANDLER 3:25']);
});
