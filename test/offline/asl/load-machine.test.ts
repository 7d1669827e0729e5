import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../lib/contract/json.ts';
import { InvalidDefinition } from '../../../lib/offline/asl/invalid-definition.ts';
import { loadMachine } from '../../../lib/offline/asl/load-machine.ts';
import { refused } from './refused-definitions.ts';
import { machine } from './run.ts';

const problemsOf = (definition: unknown): { path: string; message: string }[] => {
  try {
    loadMachine(definition);
  } catch (error) {
    if (error instanceof InvalidDefinition) return [...error.problems];
    throw error;
  }
  return [];
};

describe('a definition is refused as a whole, with the place and the reason, for', () => {
  test.each(refused)('%s', (_, definition, path, message) => {
    expect(problemsOf(definition)).toEqual([{ path, message: expect.stringContaining(message) }]);
  });
});

test('all problems are listed at once', () => {
  const definition = machine({ A: { Type: 'Wait', Seconds: -1, Next: 'Z', Colour: 1 } });
  expect(problemsOf(definition).map(({ path }) => path)).toEqual([
    '/States/A/Seconds',
    '/States/A/Colour',
    '/States/A/Next',
  ]);
});

test.each([
  '$states.input.rows[id = 2].id',
  '$states.input.rows.{ "x": id }',
  '$states.input.rows{ id: name }',
  '$states.input.rows^(id).$',
  '$map($states.input.rows, function($row) { $row.id & name })',
  '$states.input ~> |rows|{"x": id}|',
  '$states.input.rows.$string($)',
  '($f := $sum(?); $f([1]))',
])('names inside a path, a predicate or a function have a context item: %s', (text) => {
  expect(problemsOf(machine({ A: { Type: 'Pass', End: true, Output: `{% ${text} %}` } }))).toEqual([]);
});

test('two branches may use the same variable name', () => {
  const branch = (name: string): Json => ({
    StartAt: name,
    States: { [name]: { Type: 'Pass', End: true, Assign: { x: 1 } } },
  });
  expect(problemsOf(machine({ A: { Type: 'Parallel', End: true, Branches: [branch('B'), branch('C')] } }))).toEqual([]);
});

test('a definition of any JSON loads or throws InvalidDefinition', () => {
  const names = fc.constantFrom('A', 'B');
  const state = fc.record(
    {
      Type: fc.constantFrom('Pass', 'Task', 'Choice', 'Wait', 'Succeed', 'Fail', 'Parallel', 'Map', 'Other'),
      Next: fc.oneof(names, fc.jsonValue()),
      End: fc.oneof(fc.constant(true), fc.jsonValue()),
      Output: fc.oneof(
        fc.string().map((text) => `{% ${text} %}`),
        fc.jsonValue(),
      ),
      Retry: fc.oneof(fc.array(fc.record({ ErrorEquals: fc.array(fc.string()) })), fc.jsonValue()),
      Branches: fc.jsonValue(),
      Choices: fc.array(fc.jsonValue()),
      ItemProcessor: fc.jsonValue(),
      Seconds: fc.jsonValue(),
      Resource: fc.jsonValue(),
      Assign: fc.jsonValue(),
    },
    { requiredKeys: ['Type'] },
  );
  const definition = fc.record(
    {
      QueryLanguage: fc.constant('JSONata'),
      StartAt: fc.oneof(names, fc.jsonValue()),
      States: fc.dictionary(names, fc.oneof(state, fc.jsonValue())),
    },
    { requiredKeys: ['QueryLanguage'] },
  );
  fc.assert(
    fc.property(fc.oneof(definition, fc.jsonValue()), (value) => {
      for (const { path, message } of problemsOf(value)) {
        expect(path).toMatch(/^\//);
        expect(message).not.toBe('');
      }
    }),
    { numRuns: 500 },
  );
});
