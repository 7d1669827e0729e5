/** The range in which the next value of a series should lie, by the values before it. */
import { median, scaleOf } from './robust.ts';

export interface PastValue {
  readonly value: number;
  /** 0 for Sunday to 6. */
  readonly weekday: number;
}

export interface Expectation {
  readonly centre: number;
  /** The standard deviation of a new value around the centre, at least the floor. */
  readonly scale: number;
  /** Values that the centre is the median of. */
  readonly of: number;
  /** The centre is that of the same weekday. */
  readonly seasonal: boolean;
}

/** Fewer values say too little: no expectation. */
export const leastHistory = 7;

/** Values of the same weekday from which on that day has its own centre. */
const leastSameWeekday = 3;

/**
 * Null below `leastHistory` values. With `leastSameWeekday` values of the same weekday the centre is their median, and the scale that of the distances of
 * all values from the median of the others of their weekday. Before that, both the centre of all values and the last value of the same weekday are allowed, and the scale counts extremes too: a week with a quiet weekend
 * must not fire on the second weekend.
 */
export function expectNext(past: readonly PastValue[], weekday: number, floor: number): readonly Expectation[] {
  if (past.length < leastHistory) return [];
  const same = past.filter((one) => one.weekday === weekday);
  if (same.length >= leastSameWeekday) return [ofWeekday(past, same, floor)];
  const values = past.map(({ value }) => value);
  const centre = median(values);
  const residuals = values.map((value) => value - centre);
  const scale = Math.max(scaleOf(residuals), standardDeviation(residuals));
  const level = { centre, scale: widened(scale, values.length, floor), of: values.length, seasonal: false };
  if (same.length === 0) return [level];
  const own = { ...level, centre: median(same.map(({ value }) => value)), of: same.length, seasonal: true };
  return [level, own];
}

function ofWeekday(past: readonly PastValue[], same: readonly PastValue[], floor: number): Expectation {
  const residuals = [0, 1, 2, 3, 4, 5, 6].flatMap((day) => {
    const values = past.filter(({ weekday }) => weekday === day).map(({ value }) => value);
    return values.length < 2 ? [] : values.map((value, index) => fromOthers(value, values.toSpliced(index, 1)));
  });
  const centre = median(same.map(({ value }) => value));
  return { centre, scale: widened(scaleOf(residuals), same.length, floor), of: same.length, seasonal: true };
}

/** The distance of a value from the median of the others, as if that median were exact. */
const fromOthers = (value: number, others: readonly number[]): number =>
  (value - median(others)) / Math.sqrt(1 + Math.PI / 2 / others.length);

/** The median of n normal values has itself a variance of about π/2n of theirs. */
const widened = (scale: number, n: number, floor: number): number =>
  Math.max(scale, floor) * Math.sqrt(1 + Math.PI / 2 / n);

const standardDeviation = (residuals: readonly number[]): number => {
  const mean = residuals.reduce((sum, one) => sum + one, 0) / residuals.length;
  const squares = residuals.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return Math.sqrt(squares / Math.max(1, residuals.length - 1));
};
