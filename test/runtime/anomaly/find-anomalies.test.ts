import { describe, expect, test } from 'vitest';
import type { ColumnPoint, ProfilePoint } from '../../../lib/contract/profiles/profile.ts';
import { type AnomalyRule, findAnomalies } from '../../../lib/runtime/anomaly/find-anomalies.ts';

const rule: AnomalyRule = { columns: null, measures: null, runs: 60, threshold: 5 };

const day = (number: number, rows: number, columns: Readonly<Record<string, ColumnPoint>> = {}): ProfilePoint => ({
  run_id: `r${number}`,
  at: new Date(Date.UTC(2026, 0, 5 + number)).toISOString(),
  version: null,
  rows,
  columns,
});

const days = (volumes: readonly number[]): ProfilePoint[] => volumes.map((rows, index) => day(index, rows));

/** Two weeks of 100 rows on working days and 20 on Saturday and Sunday; day 0 is a Monday. */
const week = [100, 103, 98, 101, 99, 20, 21];

describe('an anomaly', () => {
  test('is not looked for before seven earlier runs', () => {
    const six = days([100, 100, 100, 100, 100, 100]);
    expect(findAnomalies(day(6, 100_000), six, rule)).toEqual({ history: 6, judged: 0, anomalies: [] });
    const seven = days([100, 100, 100, 100, 100, 100, 100]);
    expect(findAnomalies(day(7, 100_000), seven, rule).anomalies).toHaveLength(1);
  });

  test('is not a small change after a constant history, and a halving or doubling is one', () => {
    const constant = days(Array.from({ length: 30 }, () => 1000));
    const found = (rows: number) => findAnomalies(day(30, rows), constant, rule).anomalies.length;
    expect([1000, 1001, 950, 1100, 500, 2000].map(found)).toEqual([0, 0, 0, 0, 1, 1]);
  });

  test('compares a weekday with its own: a quiet weekend is none, and a quiet Monday is', () => {
    const four = days([week, week, week, week].flat().map((rows, index) => rows + (index % 3)));
    expect(findAnomalies(day(28, 100), four, rule).anomalies).toEqual([]);
    expect(findAnomalies(day(33, 21), four, rule).anomalies).toEqual([]);
    expect(findAnomalies(day(28, 21), four, rule).anomalies).toMatchObject([
      { measure: 'row_count', seasonal: true, of: 4 },
    ]);
    expect(findAnomalies(day(33, 100), four, rule).anomalies).toHaveLength(1);
  });

  test('is none on the second weekend, when one week is known', () => {
    for (const [index, rows] of week.entries())
      expect(findAnomalies(day(7 + index, rows), days(week), rule).anomalies).toEqual([]);
  });

  test('has the value, the range that was expected and the runs that it comes from', () => {
    // All values equal: the scale is the floor of 0.03 in ln(1 + rows), widened for the median of four by √(1 + π/8).
    const constant = days(Array.from({ length: 28 }, () => 999));
    const edge = 5 * 0.03 * Math.sqrt(1 + Math.PI / 8);
    const [found] = findAnomalies(day(28, 3000), constant, rule).anomalies;
    expect(found).toMatchObject({ measure: 'row_count', column: null, value: 3000, of: 4, seasonal: true });
    expect(found?.least).toBeCloseTo(1000 * Math.exp(-edge) - 1, 6);
    expect(found?.most).toBeCloseTo(1000 * Math.exp(edge) - 1, 6);
  });

  test('is looked for in runs of earlier data alone, in the named columns and measures, and in the latest runs', () => {
    const columns = { amount: [0, 50, 10, 2] as ColumnPoint, other: [0, 50, 10, 2] as ColumnPoint };
    const past = Array.from({ length: 20 }, (_, index) => day(index, 100, columns));
    const odd = day(20, 100, { amount: [90, 50, 99, 2], other: [90, 50, 99, 2] });
    const found = (over: Partial<AnomalyRule>, now = odd) =>
      findAnomalies(now, past, { ...rule, ...over }).anomalies.map(({ measure, column }) => `${measure} ${column}`);
    expect(found({ columns: ['amount'] }).sort()).toEqual(['mean amount', 'null_share amount']);
    expect(found({ measures: ['mean'] }).sort()).toEqual(['mean amount', 'mean other']);
    expect(found({ runs: 6 })).toEqual([]);
    expect(findAnomalies({ ...odd, at: day(3, 0).at }, past, rule)).toMatchObject({ history: 3, judged: 0 });
    expect(findAnomalies({ ...odd, run_id: 'r19', at: day(19, 0).at }, past, rule).history).toBe(19);
  });

  test('needs values: a new column, a mean of nothing and a run without rows are compared by the rest', () => {
    const past = Array.from({ length: 20 }, (_, index) => day(index, 100, { amount: [0, 50, 10, 2] }));
    const empty = findAnomalies(day(20, 0, { amount: [0, 0, null, null], fresh: [0, 0, 1, 1] }), past, rule);
    expect(empty.anomalies.map(({ measure }) => measure).sort()).toEqual(['distinct', 'row_count']);
    // A column called like a member of every object has no history.
    expect(findAnomalies(day(20, 100, { ['__proto__' as string]: [0, 1, 1, 1] }), past, rule).anomalies).toEqual([]);
  });
});
