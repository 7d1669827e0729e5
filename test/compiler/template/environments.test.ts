import { expect, test } from 'vitest';
import { parse, parseGood } from './parse.ts';

const layered = `name: p
defaults:
  timeout: 1m
  memory_mb: 128
  severity: low
  handler: { initialization: { from: { a: defaults, b: defaults }, list: [1, 2] } }
  retry: { max_attempts: 2, jitter: none, initial_delay: 1 }
steps:
  - name: one
    handler: one
    memory_mb: 256
    severity: high
    retry: { initial_delay: 5s }
  - name: two
    handler: { callable: two, initialization: { list: [3], from: { b: step } } }
    dependencies: one
environments:
  prod:
    steps:
      - { name: one, timeout_seconds: 30, retry: { max_attempts: 9 } }
      - { name: ALL, timeout: 2m, severity: critical, retry: { max_attempts: 4 } }
      - { name: two, dependencies: [], handler: { initialization: { from: { c: prod } } } }
  dev:
`;

test('defaults hold where the step says nothing, key by key', () => {
  const [one, two] = parseGood(layered).steps;
  expect(one).toMatchObject({
    timeoutMs: 60_000,
    memoryMb: 256,
    severity: 'high',
    retry: { maxAttempts: 2, jitter: 'none', initialDelayMs: 5000 },
  });
  expect(two).toMatchObject({ timeoutMs: 60_000, memoryMb: 128, severity: 'low', dependencies: ['one'] });
});

test('mappings are merged and lists are replaced', () => {
  const initialization = parseGood(layered).steps.map((s) => s.handler.initialization);
  expect(initialization).toEqual([
    { from: { a: 'defaults', b: 'defaults' }, list: [1, 2] },
    { from: { a: 'defaults', b: 'step' }, list: [3] },
  ]);
});

test('an override of a step beats ALL, ALL beats the step, wherever they stand', () => {
  const [one, two] = parseGood(layered, 'prod').steps;
  expect(one).toMatchObject({
    timeoutMs: 30_000,
    severity: 'critical',
    memoryMb: 256,
    retry: { maxAttempts: 9, initialDelayMs: 5000 },
  });
  expect(two).toMatchObject({ timeoutMs: 120_000, severity: 'critical', dependencies: [], retry: { maxAttempts: 4 } });
  expect(two?.handler).toMatchObject({
    entry: 'lambdas/steps/p/two.ts',
    initialization: { from: { a: 'defaults', b: 'step', c: 'prod' } },
  });
});

test('a value stands where it was set', () => {
  const template = parseGood(layered, 'prod');
  const line = (...path: (string | number)[]) => template.at(path).line;
  expect(line('steps', 0, 'timeout')).toBe(20);
  expect(line('steps', 0, 'timeout_seconds')).toBe(20);
  expect(line('steps', 1, 'timeout')).toBe(21);
  expect(line('steps', 0, 'retry', 'initial_delay')).toBe(13);
  expect(line('steps', 1, 'retry', 'jitter')).toBe(7);
  expect(line('steps', 1, 'handler', 'callable')).toBe(15);
  expect(line('steps', 0)).toBe(9);
  expect(line('steps', 0, 'nothing', 'here')).toBe(9);
  expect(line()).toBe(1);
});

test('an environment without overrides changes nothing', () => {
  expect(parseGood(layered, 'dev').steps).toEqual(parseGood(layered).steps);
});

test('an environment that does not exist is an error that lists those there', () => {
  const { found } = parse(layered, 'production');
  expect(found).toMatchObject([{ code: 'UNKNOWN_ENVIRONMENT', span: { line: 17, column: 1 } }]);
  expect(found[0]?.message).toBe('there is no environment "production"; the template has prod, dev');
  expect(parse('name: p\nsteps: [{ name: a, handler: a }]', 'x').found[0]?.message).toContain('the template has none');
});

test('an override of a step that does not exist names the nearest', () => {
  const { found } = parse(
    'name: p\nsteps: [{ name: extract, handler: a }]\nenvironments:\n  e:\n    steps: [{ name: extrat }]\n',
  );
  expect(found).toMatchObject([{ code: 'UNKNOWN_STEP', span: { line: 5, column: 21 } }]);
  expect(found[0]?.message).toContain('did you mean "extract"?');
});

test('a step is overridden once per environment', () => {
  const { found } = parse(
    'name: p\nsteps: [{ name: a, handler: a }]\nenvironments:\n  e: { steps: [{ name: a }, { name: a }] }\n  f: { steps: [{ name: a }] }\n',
  );
  expect(found).toMatchObject([{ code: 'DUPLICATE_STEP', span: { line: 4 }, related: { span: { line: 4 } } }]);
});

test('environments that were not chosen are checked as well', () => {
  const text = (keys: string) =>
    `name: p\nsteps: [{ name: a, handler: a }]\nenvironments:\n  e: { steps: [{ name: a, ${keys} }] }\n`;
  expect(parse(text('timeout: soon')).codes).toEqual(['BAD_DURATION 4:36']);
  expect(parse(text('handler: "../../../../x.ts"')).codes).toEqual(['BAD_HANDLER 4:36']);
  expect(parse(text('timeout: 1500ms')).codes).toEqual([]);
  expect(parse(text('timeout: 1500ms'), 'e').codes).toEqual(['VALUE_ROUNDED 4:36']);
});

test('defaults have neither a name nor dependencies', () => {
  expect(parse('name: p\ndefaults: { name: x, dependencies: [y] }\nsteps: [{ name: a, handler: a }]').codes).toEqual([
    'UNKNOWN_KEY 2:13',
    'UNKNOWN_KEY 2:22',
  ]);
});

test('a handler can come from the defaults, and has to come from somewhere', () => {
  expect(parseGood('name: p\ndefaults: { handler: all }\nsteps: [{ name: a }]').steps[0]?.handler.entry).toBe(
    'lambdas/steps/p/all.ts',
  );
  expect(parse('name: p\nsteps: [{ name: a }, { name: b, handler: { initialization: {} } }]').codes).toEqual([
    'MISSING_KEY 2:17',
    'MISSING_KEY 2:33',
  ]);
});
