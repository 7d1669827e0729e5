import type { CronTimes } from '../../input/schedule-times.ts';
import { startsAfter } from '../../input/schedule-times.ts';

const day = 86_400_000;

/** Spans in which a start is looked for: a schedule of minutes has one in the first, one for February 29th in the last. */
const spans = [3 * day, 60 * day, 800 * day, 3_300 * day];

/** The next start of a schedule after an instant, in milliseconds since 1970; null if there is none in nine years. */
export function nextStart(times: CronTimes, zone: string, after: number): number | null {
  for (const span of spans) {
    const [next] = startsAfter(times, zone, { after, end: after + span, count: 1 });
    if (next !== undefined) return next;
  }
  return null;
}

/** The last start of a schedule before an instant; null if there is none in nine years. */
export function lastStart(times: CronTimes, zone: string, before: number): number | null {
  for (const span of spans) {
    const starts = startsAfter(times, zone, { after: before - span, end: before + day, count: 100_000 });
    const last = starts.findLast((start) => start < before);
    if (last !== undefined) return last;
  }
  return null;
}
