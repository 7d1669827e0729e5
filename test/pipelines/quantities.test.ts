import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, daysBetween, daysIn, isDay } from '../../lambdas/steps/quantities/days.ts';
import { centText, parseMoney, perUnit, ratio } from '../../lambdas/steps/quantities/money.ts';
import { periodOf, periodsIn } from '../../lambdas/steps/quantities/periods.ts';

const amount = fc
  .tuple(fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }), fc.integer({ min: 0, max: 4 }))
  .map(([digits, decimals]) => new Big(digits.toString()).div(new Big(10).pow(decimals)).toFixed(decimals));

describe('money', () => {
  test('is parsed without loss', () => {
    fc.assert(
      fc.property(amount, (text) => {
        expect(parseMoney(text).toString()).toBe(new Big(text).times(10_000).toFixed(0));
      }),
    );
    expect(parseMoney('12.500000')).toBe(125_000n);
  });

  test.each(['', '1.', '.5', '1e3', '0.00001', 'NaN', '1,5', ' 1'])('%j is refused', (text) => {
    expect(() => parseMoney(text)).toThrow(RangeError);
  });

  test('quotients round half up, like an arbitrary-precision library', () => {
    Big.DP = 60;
    fc.assert(
      fc.property(amount, fc.integer({ min: 1, max: 10_000 }), (text, count) => {
        const expected = new Big(text).div(count).toFixed(2, Big.roundHalfUp);
        // Big writes -0.00 for a value that rounds to zero.
        expect(new Big(perUnit(parseMoney(text), count)).eq(expected)).toBe(true);
      }),
    );
  });

  test('a tie rounds up', () => {
    expect(perUnit(parseMoney('0.01'), 2)).toBe('0.01');
    expect(centText(parseMoney('1.005'))).toBe('1.01');
    expect(ratio(1n, 8n, 2)).toBe('0.13');
    expect(ratio(1n, 3n, 4)).toBe('0.3333');
  });
});

describe('days', () => {
  test('are counted through leap years and months', () => {
    expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2);
    expect(daysIn({ start_date: '2025-01-01', end_date: '2025-12-31' })).toBe(365);
    expect(addDays('2025-12-31', 1)).toBe('2026-01-01');
  });

  test.each(['2025-02-29', '2025-13-01', '2025-1-1', 'yesterday'])('%s is not a day', (text) => {
    expect(isDay(text)).toBe(false);
  });
});

describe('periods', () => {
  test('weeks begin on Monday, months on the first', () => {
    expect(periodOf('2025-01-05', 'week')).toBe('2024-12-30');
    expect(periodOf('2025-01-06', 'week')).toBe('2025-01-06');
    expect(periodOf('2024-02-29', 'month')).toBe('2024-02-01');
  });

  test('a range has all of them, in order', () => {
    expect([...periodsIn({ start_date: '2024-12-31', end_date: '2025-03-01' }, 'month')]).toEqual([
      '2024-12-01',
      '2025-01-01',
      '2025-02-01',
      '2025-03-01',
    ]);
    expect([...periodsIn({ start_date: '2025-01-05', end_date: '2025-01-14' }, 'week')]).toEqual([
      '2024-12-30',
      '2025-01-06',
      '2025-01-13',
    ]);
  });
});
