import type { StateFailure } from './state-failure.ts';

/** Errors that wildcards do not match: they end an execution unless a retrier or catcher names them. */
const terminal: ReadonlySet<string> = new Set(['States.Runtime', 'States.DataLimitExceeded']);

/** Errors that `States.TaskFailed` does not stand for. */
const timeOuts: ReadonlySet<string> = new Set(['States.Timeout', 'States.HeartbeatTimeout']);

/** True if a retrier's or catcher's ErrorEquals matches the failure. */
export function matches(names: readonly string[], { error }: StateFailure): boolean {
  if (error !== undefined && names.includes(error)) return true;
  if (error !== undefined && terminal.has(error)) return false;
  if (names.includes('States.ALL')) return true;
  return names.includes('States.TaskFailed') && (error === undefined || !timeOuts.has(error));
}
