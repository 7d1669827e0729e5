import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../lib/contract/json.ts';
import { type Given, machine, run } from './run.ts';

/** Runs one Pass state and gives what its Output became. */
const output = async (template: Json, given: Given = {}): Promise<Json | undefined> => {
  const result = await run(machine({ P: { Type: 'Pass', Output: template, End: true } }), given);
  expect(result).toMatchObject({ status: 'SUCCEEDED' });
  return result.output;
};

const failure = (template: Json, input: Json = {}): Promise<unknown> =>
  run(machine({ P: { Type: 'Pass', Output: template, End: true } }), { input });

describe('an expression', () => {
  test('stands alone between {% and %}; with spaces around them the string is plain', async () => {
    expect(await output(['{% 1 + 1 %}', ' {% 1 + 1 %} ', '$states.input', '{%2%}'])).toEqual([
      2,
      ' {% 1 + 1 %} ',
      '$states.input',
      2,
    ]);
  });

  test('sees the state input and the context object', async () => {
    const input = { a: [1, 2] };
    expect(
      await output({ input: '{% $states.input.a %}', name: '{% $states.context.State.Name %}' }, { input }),
    ).toEqual({ input: [1, 2], name: 'P' });
  });

  test('of one match gives the match, not a list of it', async () => {
    const input = { rows: [{ id: 1 }, { id: 2 }] };
    expect(await output('{% $states.input.rows[id = 2].id %}', { input })).toBe(2);
    expect(await output('{% $states.input.rows[id = 2].id[] %}', { input })).toEqual([2]);
  });

  test.each([
    [
      '{% $missing %}',
      "The JSONata expression '$missing' specified for the field 'Output/a[1]' returned nothing (undefined).",
    ],
    ['{% function($x) { $x } %}', 'returned a function'],
    [
      '{% $sum(["a"]) %}',
      'specified for the field \'Output/a[1]\' threw an error during evaluation. T0412: Argument 1 of function "sum"',
    ],
    ['{% $eval("1") %}', 'threw an error during evaluation. T1006: '],
    ['{% $parse("{") %}', 'threw an error during evaluation: '],
    ['{% ($f := function($n) { $f($n + 1) }; $f(0)) %}', 'takes too long'],
    ['{% ($f := function($n) { 1 + $f($n + 1) }; $f(0)) %}', 'nests too deep'],
  ])('that gives no data fails the state: %s', async (text, cause) => {
    expect(await failure({ a: [0, text] })).toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining(cause),
    });
  });

  test('that fails says in which state', async () => {
    expect(await failure('{% $missing %}')).toMatchObject({
      cause:
        "An error occurred while executing the state 'P' (entered at the event id #2). " +
        "The JSONata expression '$missing' specified for the field 'Output' returned nothing (undefined).",
    });
  });
});

describe('the functions of Step Functions', () => {
  test.each<[string, Json]>([
    ['$partition([1,2,3], 2)', [[1, 2], [3]]],
    ['$partition([1], 5)', [[1]]],
    ['$range(0, 6, 3)', [0, 3, 6]],
    ['$range(3, 0, -1)', [3, 2, 1, 0]],
    ['$range(1, 9, 9)', 1],
    ['$parse("{\\"a\\": [1, null]}").a', [1, null]],
    ['$hash("abc", "MD5")', createHash('md5').update('abc').digest('hex')],
    ['$hash("abc", "SHA-512")', createHash('sha512').update('abc').digest('hex')],
    ['$random(42)', 0.7275636800328681],
    ['$random(7) = $random(8)', false],
  ])('%s', async (text, expected) => {
    expect(await output(`{% ${text} %}`)).toEqual(expected);
  });

  test.each([
    '$partition([1], 0)',
    '$range(0, 10, 0)',
    '$range(0, 1000, 1)',
    '$range(0.5, 1, 1)',
    '$hash("a", "CRC")',
    '$hash("a", "constructor")',
  ])('%s is refused', async (text) => {
    expect(await failure(`{% ${text} %}`)).toMatchObject({ error: 'States.QueryEvaluationError' });
  });

  test('time and chance come from the options alone', async () => {
    const template = [
      '{% $millis() %}',
      '{% $now() %}',
      '{% $random() %}',
      '{% $uuid() %}',
      '{% $shuffle([1, 2, 3]) %}',
    ];
    expect(await output(template, { random: () => 0 })).toEqual([
      Date.UTC(2026, 0, 1),
      '2026-01-01T00:00:00.000Z',
      0,
      '00000000-0000-4000-8000-000000000000',
      [2, 3, 1],
    ]);
    expect(await output('{% $fromMillis($toMillis("11:30", "[H]:[m]")) %}')).toBe('2026-01-01T11:30:00.000Z');
  });
});

test('the context object has the members that AWS documents', async () => {
  const input = { a: 1 };
  const given = { input, redriveCount: 2, roleArn: 'arn:aws:iam::1:role/r', startTime: '2025-12-31T00:00:00.000Z' };
  expect(await output('{% $states.context %}', given)).toEqual({
    Execution: {
      Id: 'arn:aws:states:eu-central-1:123456789012:execution:machine:one',
      Input: { a: 1 },
      StartTime: '2025-12-31T00:00:00.000Z',
      Name: 'one',
      RoleArn: 'arn:aws:iam::1:role/r',
      RedriveCount: 2,
      RedriveTime: '2026-01-01T00:00:00.000Z',
    },
    StateMachine: { Id: 'arn:aws:states:eu-central-1:123456789012:stateMachine:machine', Name: 'machine' },
    State: { Name: 'P', EnteredTime: '2026-01-01T00:00:00.000Z' },
  });
});
