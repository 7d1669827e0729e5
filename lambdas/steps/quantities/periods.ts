import { addDays, type DateRange, type Day } from './days.ts';

/** Length of the periods of a series. Weeks begin on Monday (ISO 8601). */
export type Granularity = 'day' | 'week' | 'month';

/** First day of the period of a day: the period's name. */
export function periodOf(day: Day, granularity: Granularity): Day {
  if (granularity === 'day') return day;
  if (granularity === 'month') return `${day.slice(0, 7)}-01`;
  const sinceMonday = (new Date(day).getUTCDay() + 6) % 7;
  return addDays(day, -sinceMonday);
}

/** The next period. */
export function nextPeriod(period: Day, granularity: Granularity): Day {
  // 31 days after the first of a month is always in the next month.
  return periodOf(addDays(period, { day: 1, week: 7, month: 31 }[granularity]), granularity);
}

/** All periods that a range touches, in order, without gaps. */
export function* periodsIn(range: DateRange, granularity: Granularity): Generator<Day> {
  let period = periodOf(range.start_date, granularity);
  while (period <= range.end_date) {
    yield period;
    period = nextPeriod(period, granularity);
  }
}
