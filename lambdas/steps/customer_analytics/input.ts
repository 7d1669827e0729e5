import { PermanentError } from 'daybreak';
import type { DateRange } from '../quantities/days.ts';
import { isDay } from '../quantities/days.ts';

/** The execution input as the template's input_schema describes it; Prepare has checked it and filled in defaults. */
export type CustomerAnalyticsInput = {
  readonly date_range: DateRange;
  readonly history_days: number;
  readonly force_refresh: boolean;
  readonly notification_channels: readonly string[];
};

/** The date range of an input. Throws a PermanentError if it ends before it begins, which the schema cannot check. */
export function dateRangeOf(range: DateRange): DateRange {
  if (!isDay(range.start_date) || !isDay(range.end_date))
    throw new PermanentError('date_range needs two days like 2026-01-31');
  if (range.end_date < range.start_date) {
    throw new PermanentError(`date_range ends (${range.end_date}) before it begins (${range.start_date})`);
  }
  return range;
}
