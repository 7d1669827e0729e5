import type { ExecutionResult } from './api.ts';

const day = 24 * 60 * 60 * 1000;

/** Days after its end during which Step Functions redrives an execution. */
const redrivableDays = 14;

/** Days that an execution may be open. */
const longestOpenDays = 365;

/** A history with this many events is too long for a redrive: it needs room for `ExecutionRedriven` and one more. */
const tooManyEvents = 24_999;

/** The facts that decide whether an execution can be redriven. Times are milliseconds since 1970. */
export interface Redrivable {
  readonly status: ExecutionResult['status'] | 'RUNNING';
  readonly startedAt: number;
  readonly endedAt: number;
  readonly events: number;
}

/** The reason why Step Functions would not redrive an execution, as the end of a sentence; null if it would. */
export function whyNotRedrivable(execution: Redrivable, now: number): string | null {
  const { status, startedAt, endedAt, events } = execution;
  if (status === 'RUNNING') return 'is RUNNING: only an execution that has ended can be redriven';
  if (status === 'SUCCEEDED') return 'SUCCEEDED: there is nothing to redrive';
  if (now - endedAt > redrivableDays * day) {
    return `ended at ${new Date(endedAt).toISOString()}, which is older than ${redrivableDays} days`;
  }
  if (now - startedAt > longestOpenDays * day) {
    return `was started at ${new Date(startedAt).toISOString()}: an execution can be open for a year`;
  }
  if (events >= tooManyEvents)
    return `has a history of ${events} events, and ${tooManyEvents} are too many to continue`;
  return null;
}
