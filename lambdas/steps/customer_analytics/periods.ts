import { addDays, type DateRange, type Day, daysIn } from '../quantities/days.ts';
import { type CustomerAnalyticsInput, dateRangeOf } from './input.ts';

/** A shorter range says little about customers and stock: four weeks have every weekday four times. */
const leastHistoryDays = 28;

/** The days that a run looks at. All of them end with the same day. */
export interface Periods {
  /** The last day of the range: the day that the dashboard reports. */
  readonly day: Day;
  readonly range: DateRange;
  /** Measures customers, products and stock: the range, or `history_days` days if the range has fewer than 28. */
  readonly history: DateRange;
  /** The day, and the seven days before it. Holds the day before and the same weekday a week before. */
  readonly recent: DateRange;
}

/** The periods of an input. Throws a PermanentError if the range ends before it begins. */
export function periodsOf({
  date_range,
  history_days,
}: Pick<CustomerAnalyticsInput, 'date_range' | 'history_days'>): Periods {
  const range = dateRangeOf(date_range);
  const day = range.end_date;
  return {
    day,
    range,
    history: daysIn(range) < leastHistoryDays ? lastDays(day, history_days) : range,
    recent: lastDays(day, 8),
  };
}

/** The history of an input without the days before the first order, which would make the pace of sales too low. A long range stays as it is. */
export function historySince(
  input: Pick<CustomerAnalyticsInput, 'date_range' | 'history_days'>,
  first: Day | null,
): DateRange {
  const { range, history } = periodsOf(input);
  if (first === null || history === range) return history;
  return { start_date: first > history.start_date ? first : history.start_date, end_date: history.end_date };
}

/** The range of `count` days that ends with a day. */
export function lastDays(day: Day, count: number): DateRange {
  return { start_date: addDays(day, 1 - count), end_date: day };
}
