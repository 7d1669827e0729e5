import { describe, expect, test } from 'vitest';
import type { Json } from '../../../lib/contract/json.ts';
import { machine, run, start } from './run.ts';

const end: Json = { Type: 'Pass', Output: ['{% $states.input %}', '{% $v %}'], End: true };
const choice = (more: Record<string, Json> = {}): Json =>
  machine({
    S: { Type: 'Pass', Assign: { v: 'old' }, Next: 'C' },
    C: {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $states.input = 1 %}', Next: 'D', Assign: { v: 'first' }, Output: 'one' },
        { Condition: '{% $states.input < 10 %}', Next: 'D' },
      ],
      Assign: { v: 'default' },
      Output: 'none',
      ...more,
    },
    D: end,
  });

describe('a Choice', () => {
  test.each<[Json, Json]>([
    [1, ['one', 'first']],
    [2, [2, 'old']],
    [20, ['none', 'default']],
  ])('for %j takes the first rule that holds, with the Assign and Output of that rule alone', async (input, output) => {
    expect((await run(choice({ Default: 'D' }), { input })).output).toEqual(output);
  });

  test('without a Default fails with States.NoChoiceMatched when no rule holds', async () => {
    const execution = start(choice({ Output: 1 }), { input: 20 });
    expect(await execution.finish()).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
    expect(execution.types().slice(-2)).toEqual(['ChoiceStateEntered', 'ExecutionFailed']);
  });

  test('fails when a Condition is neither true nor false', async () => {
    const Choices = [{ Condition: '{% $states.input %}', Next: 'D' }];
    expect(await run(choice({ Choices, Default: 'D' }), { input: 1 })).toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining("The field 'Choices[0]/Condition' must be true or false, not 1."),
    });
  });
});

describe('a Fail', () => {
  test.each<[Record<string, Json>, string | undefined, string | undefined]>([
    [{}, undefined, undefined],
    [{ Error: 'E' }, 'E', undefined],
    [{ Error: '{% $states.input.e %}', Cause: '{% "because " & $states.input.c %}' }, 'E1', 'because c'],
  ])('with %j fails with error %s and cause %s', async (fields, error, cause) => {
    const result = await run(machine({ F: { Type: 'Fail', ...fields } }), { input: { e: 'E1', c: 'c' } });
    expect(result).toMatchObject({ status: 'FAILED', error, cause });
  });

  test('whose Error is no string fails with States.QueryEvaluationError', async () => {
    expect(await run(machine({ F: { Type: 'Fail', Error: '{% 1 %}' } }))).toMatchObject({
      error: 'States.QueryEvaluationError',
    });
  });
});
