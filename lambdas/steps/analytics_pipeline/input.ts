import { PermanentError } from 'daybreak';
import { type DateRange, isDay } from '../quantities/days.ts';
import type { Granularity } from '../quantities/periods.ts';

/** The execution input after Prepare checked it and filled in its defaults: the template's input_schema. */
export type AnalyticsInput = {
  readonly source: string;
  readonly date_range_start: string;
  readonly date_range_end: string;
  readonly granularity: Granularity;
};

/** The date range of an input; what the schema cannot say, that it must not end before it begins, is a PermanentError. */
export function dateRangeOf({ date_range_start, date_range_end }: AnalyticsInput): DateRange {
  if (!isDay(date_range_start) || !isDay(date_range_end)) {
    throw new PermanentError('date_range_start and date_range_end must be days like 2026-01-31');
  }
  if (date_range_end < date_range_start) {
    throw new PermanentError(`the range ends (${date_range_end}) before it begins (${date_range_start})`);
  }
  return { start_date: date_range_start, end_date: date_range_end };
}
