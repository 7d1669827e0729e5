import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventBridgeCron } from '../../../lib/compiler/template/schedule/eventbridge-cron.ts';
import { sized } from '../../support/sized.ts';
import { crontabFires, eventBridgeFires } from './cron-fires.ts';

test.each([
  ['0 1 * * *', '0 1 * * ? *'],
  ['*/15 * * * *', '0/15 * * * ? *'],
  ['*/7 9-17 * * *', '0/7 9-17 * * ? *'],
  ['10-30/5 0 * * *', '10,15,20,25,30 0 * * ? *'],
  ['0 0 * * 0', '0 0 ? * 1 *'],
  ['0 0 * * 7', '0 0 ? * 1 *'],
  ['0 0 * * SUN', '0 0 ? * 1 *'],
  ['0 0 * * 1-5', '0 0 ? * 2-6 *'],
  ['0 0 * * mon-fri', '0 0 ? * 2-6 *'],
  ['0 0 * * 5-7', '0 0 ? * 1,6,7 *'],
  ['0 0 * * FRI-SUN', '0 0 ? * 1,6,7 *'],
  ['0 0 * * MON-SUN', '0 0 ? * 1-7 *'],
  ['0 0 * * */2', '0 0 ? * 1,3,5,7 *'],
  ['0 0 * * 1-5/2', '0 0 ? * 2,4,6 *'],
  ['0 0 * * 1,3', '0 0 ? * 2,4 *'],
  ['0 0 1,15 * *', '0 0 1,15 * ? *'],
  ['0 0 */2 * *', '0 0 1/2 * ? *'],
  ['0 0 1 JAN,jul *', '0 0 1 1,7 ? *'],
  ['0 0 1 */3 *', '0 0 1 1/3 ? *'],
  ['59 23 31 12 *', '59 23 31 12 ? *'],
  ['0 0 29 2 *', '0 0 29 2 ? *'],
  ['  0   1  *  * *  ', '0 1 * * ? *'],
  ['@daily', '0 0 * * ? *'],
  ['@midnight', '0 0 * * ? *'],
  ['@hourly', '0 * * * ? *'],
  ['@weekly', '0 0 ? * 1 *'],
  ['@monthly', '0 0 1 * ? *'],
  ['@Yearly', '0 0 1 1 ? *'],
  ['@annually', '0 0 1 1 ? *'],
])('%s is cron(%s)', (cron, expected) =>
  expect(eventBridgeCron(cron)).toMatchObject({ expression: `cron(${expected})` }),
);

test.each([
  ['', '0 fields'],
  ['0 1 * *', '4 fields'],
  ['0 1 * * ? *', 'six fields'],
  ['cron(0 1 * * ? *)', 'six fields'],
  ['60 * * * *', 'it goes from 0 to 59'],
  ['* 24 * * *', 'it goes from 0 to 23'],
  ['* * 0 * *', 'it goes from 1 to 31'],
  ['* * 32 * *', 'it goes from 1 to 31'],
  ['* * * 13 *', 'it goes from 1 to 12'],
  ['* * * * 8', 'it goes from 0 to 7'],
  ['* * * FOO *', 'not a number or one of JAN'],
  ['* * * * MO', 'not a number or one of SUN'],
  ['a * * * *', 'not a number'],
  ['-1 * * * *', 'not a number, a range'],
  ['1,,2 * * * *', 'not a number, a range'],
  ['1.5 * * * *', 'not a number'],
  ['30-10 * * * *', 'runs backwards'],
  ['5/15 * * * *', 'write 5-59/15'],
  ['*/0 * * * *', 'a step is 1 or more'],
  ['*/x * * * *', 'a step that is not a number'],
  ['*/61 * * * *', 'longer than the field'],
  ['1/2/3 * * * *', 'a step that is not a number'],
  ['0 0 ? * *', 'does not know'],
  ['0 0 L * *', 'does not know'],
  ['0 0 15W * *', 'does not know'],
  ['0 0 * * 5L', 'does not know'],
  ['0 0 * * 2#1', 'does not know'],
  ['0 0 1 * 1', 'put "*" into one of the two'],
  ['0 0 */2 * 1', 'put "*" into one of the two'],
  ['0 0 30 2 *', 'would never run'],
  ['0 0 31 4,6,9,11 *', 'would never run'],
  ['@reboot', 'is not a nickname'],
  ['__proto__', 'it has 1 fields'],
  ['constructor', 'it has 1 fields'],
])('%j is refused: %s', (cron, why) => {
  expect(eventBridgeCron(cron)).toContain(why);
});

const field = (least: number, most: number, names: readonly string[] = [], base = 0) => {
  const value = fc.integer({ min: least, max: most });
  const written = (n: number): fc.Arbitrary<string> => {
    const name = names[(n - base) % 7 === n - base || names.length > 7 ? n - base : 0];
    return name === undefined ? fc.constant(String(n)) : fc.constantFrom(String(n), name);
  };
  const range = fc
    .tuple(value, value)
    .chain(([a, b]) => fc.tuple(written(Math.min(a, b)), written(Math.max(a, b))).map(([x, y]) => `${x}-${y}`));
  const step = fc.integer({ min: 1, max: most });
  const part = fc.oneof(
    fc.constant('*'),
    step.map((n) => `*/${n}`),
    value.chain(written),
    range,
    fc.tuple(range, step).map(([r, n]) => `${r}/${n}`),
  );
  return fc.oneof(
    { weight: 3, arbitrary: part },
    fc.array(part, { minLength: 2, maxLength: 4 }).map((parts) => parts.join(',')),
  );
};

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

describe('for any expression', () => {
  const expression = fc
    .tuple(
      field(0, 59),
      field(0, 23),
      fc.oneof(fc.constant('*'), field(1, 31)),
      field(1, 12, months, 1),
      fc.oneof(fc.constant('*'), field(0, 7)),
    )
    .map((parts) => parts.join(' '));
  const minutes = fc.integer({ min: Date.UTC(2024, 0, 1) / 60_000, max: Date.UTC(2028, 0, 1) / 60_000 });

  test('the translation fires at exactly the same minutes, or both day fields are restricted, or the day never comes', () => {
    let translated = 0;
    fc.assert(
      fc.property(expression, fc.array(minutes, { minLength: 40, maxLength: 40 }), (cron, sample) => {
        const result = eventBridgeCron(cron);
        const instants = sample.flatMap((m) => [new Date(m * 60_000), hitFor(cron, new Date(m * 60_000))]);
        if (typeof result === 'string') {
          const [, , day = '', , weekday = ''] = cron.split(' ');
          if (/never/.test(result)) for (const at of instants) expect(crontabFires(cron, at)).toBe(false);
          else expect([day, weekday].some((f) => f === '*' || f === '*/1')).toBe(false);
          return;
        }
        translated++;
        for (const at of instants)
          expect([cron, result.expression, at.toISOString(), eventBridgeFires(result.expression, at)]).toEqual([
            cron,
            result.expression,
            at.toISOString(),
            crontabFires(cron, at),
          ]);
      }),
      { numRuns: sized(300, 3000) },
    );
    expect(translated).toBeGreaterThan(sized(100, 1000));
  });
});

/** An instant near the given one at which minute and hour match: random minutes alone would hardly ever fire. */
const hitFor = (cron: string, near: Date): Date => {
  const first = (text = '', least = 0): number =>
    Number(/\d+/.exec(text.startsWith('*') ? String(least) : text)?.[0] ?? least);
  const [minute, hour] = cron.split(' ');
  return new Date(Date.UTC(near.getUTCFullYear(), near.getUTCMonth(), near.getUTCDate(), first(hour), first(minute)));
};

test.each([
  '30-10 * * * *',
  '0 22-3 * * *',
  '0 0 28-3 * *',
  '0 0 * 11-2 *',
  '0 0 * * 5-1',
  '0 0 * * 7-2',
  '0 0 * * FRI-TUE',
  '5/15 * * * *',
  '0 0 * * 7/2',
  '0 20-4/2 * * *',
])('the expression that the message about %s proposes is one', (cron) => {
  const problem = String(eventBridgeCron(cron));
  const [, field = '', proposal = ''] = /"([^"]*)" has .*; write (\S+)$/.exec(problem) ?? [];
  expect(proposal).not.toBe('');
  const fields = cron.split(' ').map((one) => (one === field ? proposal : one));
  expect(eventBridgeCron(fields.join(' '))).toMatchObject({ expression: expect.stringMatching(/^cron/) });
});
