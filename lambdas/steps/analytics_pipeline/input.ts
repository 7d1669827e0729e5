import { PermanentError } from 'daybreak';
import { type DateRange, isDay } from '../quantities/days.ts';
import type { Granularity } from '../quantities/periods.ts';

/** The execution input as the template's input_schema describes it; Prepare has checked it and filled in defaults. */
export type AnalyticsInput = {
  readonly source: string;
  readonly date_range_start: string;
  readonly date_range_end: string;
  readonly granularity: Granularity;
};

/** The date range of an input. Throws a PermanentError if it ends before it begins, which the schema cannot check. */
export function dateRangeOf({ date_range_start, date_range_end }: AnalyticsInput): DateRange {
  if (!isDay(date_range_start) || !isDay(date_range_end)) {
    throw new PermanentError('date_range_start and date_range_end must be days like 2026-01-31');
  }
  if (date_range_end < date_range_start) {
    throw new PermanentError(`the range ends (${date_range_end}) before it begins (${date_range_start})`);
  }
  return { start_date: date_range_start, end_date: date_range_end };
}
