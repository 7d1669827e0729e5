/** The attempts record: what a step's budgets have been spent on in one execution. */
import { attemptsKey, type ExecutionRef } from '../../contract/object-keys.ts';
import type { AttemptsRecord } from '../../contract/records/attempts.ts';
import type { StepSpec } from '../../contract/step-spec.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readIntact } from './json-objects.ts';
import { swapJson } from './swap-json.ts';

/** The record of a step without one. */
const noAttempts: AttemptsRecord = { step_errors: 0, rested: 0, time_outs: 0, platform: 0, counted: null };

/** The end of an attempt. `rested`: with an error that asked for the delay after it. */
export interface AttemptEnd {
  readonly attempt: number;
  readonly started_at: string;
  readonly kind: 'error' | 'rested' | 'time-out' | 'platform';
}

/** The counts of a step in this execution; zeros when no attempt has gone wrong, or when the record is damaged. */
export async function readAttempts(store: ObjectStore, ref: ExecutionRef, step: string): Promise<AttemptsRecord> {
  return (await readIntact<AttemptsRecord>(store, attemptsKey(ref, step))) ?? noAttempts;
}

/** Counts the end of an attempt, once, and gives the record afterwards. */
export function countAttempt(
  store: ObjectStore,
  ref: ExecutionRef,
  step: string,
  end: AttemptEnd,
): Promise<AttemptsRecord> {
  return swapJson<AttemptsRecord, AttemptsRecord>(store, attemptsKey(ref, step), (found) => {
    const now = found ?? noAttempts;
    // It is already counted, or it is a late attempt that the machine no longer waits for.
    if (!isAfter(end, now.counted)) return { answer: now };
    const next = withEnd(countsFor(end.attempt, now), end);
    return { write: next, answer: next };
  });
}

function withEnd(counts: AttemptsRecord, { attempt, started_at, kind }: AttemptEnd): AttemptsRecord {
  const isError = kind === 'error' || kind === 'rested';
  return {
    step_errors: counts.step_errors + (isError ? 1 : 0),
    rested: counts.rested + (kind === 'rested' ? 1 : 0),
    time_outs: counts.time_outs + (kind === 'time-out' ? 1 : 0),
    platform: counts.platform + (kind === 'platform' ? 1 : 0),
    counted: { attempt, started_at },
  };
}

/** The counts that hold for an attempt. A redrive begins the state and its budgets again: then the record is of attempts with higher numbers. */
export function countsFor(attempt: number, record: AttemptsRecord): AttemptsRecord {
  return attempt > (record.counted?.attempt ?? 0) ? record : noAttempts;
}

/** The budget that is used up, or null. */
export function usedUp(counts: AttemptsRecord, budgets: StepSpec['budgets']): 'time-out' | 'platform' | 'step' | null {
  if (counts.time_outs >= budgets.time_out) return 'time-out';
  if (counts.platform >= budgets.platform) return 'platform';
  return counts.step_errors >= budgets.step ? 'step' : null;
}

type Trace = Pick<AttemptEnd, 'attempt' | 'started_at'>;

/** True if one attempt began after another. */
export function isAfter(one: Trace, other: Trace | null): boolean {
  return (
    other === null ||
    one.started_at > other.started_at ||
    (one.started_at === other.started_at && one.attempt > other.attempt)
  );
}
