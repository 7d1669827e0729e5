/**
 * The step's own budget, when several retriers share it. A retrier counts for itself alone, so the runtime counts errors in the attempts record, finds crashes by the traces that the
 * handler's start leaves, and names each error for the retrier that fits.
 */
import {
  backoffName,
  errorNames,
  neverRetried,
  retryAfterName,
  retryAfterRungs,
  timeOuts,
} from '../contract/error-names.ts';
import { progressKey } from '../contract/object-keys.ts';
import type { StepPayload } from '../contract/payloads.ts';
import type { AttemptsRecord, StepProgress } from '../contract/records.ts';
import type { ObjectStore } from '../ports/ports.ts';
import { noAttempts, readAttempts, updateAttempts } from './attempts.ts';
import { readProgress } from './dead-letter.ts';
import type { Invocation, Standing, Work } from './invocation.ts';
import { isoTime, overwriteJson } from './json-objects.ts';
import type { LongAttempt } from './long-attempt.ts';
import { StepError } from './to-step-error.ts';

/** Looks what became of the earlier attempts. Throws when they have used up the step's budget, which only a crash can leave for the next attempt to find. */
export async function takeStock(
  { run, step, attempt }: StepPayload,
  { ports: { store, clock } }: Invocation,
  long: LongAttempt | null,
): Promise<Standing> {
  const startedAt = isoTime(long?.startedAt ?? clock.now());
  if (attempt === 1 && (long?.invocations ?? 1) === 1) return { startedAt, earlier: null, stepErrors: 0 };
  const earlier = await readProgress(store, run, step.name);
  if (step.budgets.step === 1) return { startedAt, earlier, stepErrors: 0 };
  let record = await readAttempts(store, run, step.name);
  if (earlier && earlier.attempt < attempt && died(store, earlier, record)) {
    record = await updateAttempts(store, run, step.name, (now) => withError(now, earlier, false));
  }
  // A redrive begins the state and its budgets anew: then the record is of attempts with higher numbers.
  const { step_errors: stepErrors, apart } = attempt > (record.counted?.attempt ?? 0) ? record : noAttempts;
  if ((apart > 0 || long) && stepErrors >= step.budgets.step) {
    const crash = new Error(`attempt ${record.counted?.attempt} ended without a word: its process died`);
    crash.name = 'Runtime.ExitError';
    throw carrying(errorNames.exhausted, crash);
  }
  return { startedAt, earlier, stepErrors };
}

/** Counts the error with which an attempt ends, and gives it the name under which it is retried as it should be. */
export async function countError({ payload, standing, invocation, long }: Work, error: unknown): Promise<unknown> {
  const { run, step, attempt } = payload;
  const { store } = invocation.ports;
  if (!(error instanceof Error) || step.budgets.step === 1 || isOneOf(neverRetried, error.name)) return error;
  if (isOneOf(timeOuts, error.name)) return noteEnd(payload, invocation, 'time-out').then(() => error);
  if (error.name === errorNames.platform) return noteEnd(payload, invocation, 'platform').then(() => error);
  const retryAfter = error instanceof StepError ? error.retryAfter : null;
  const apart = retryAfter !== null || step.backoff !== undefined;
  const me = { attempt, started_at: standing.startedAt };
  let record: AttemptsRecord;
  try {
    record = await updateAttempts(store, run, step.name, (now) => withError(now, me, apart));
  } catch {
    // The step's usual retrier takes it, and the next attempt finds that this one ended without a word.
    return error;
  }
  // A step that yields enters its state anew, and its retriers begin to count anew.
  if ((record.apart > 0 || long) && record.step_errors >= step.budgets.step) {
    return carrying(errorNames.exhausted, error);
  }
  if (retryAfter !== null) return carrying(retryAfterName(rungOf(retryAfter)), error);
  if (step.backoff !== undefined) return carrying(backoffName(Math.min(record.step_errors, step.backoff)), error);
  return error;
}

/** The shortest rung that is long enough; the longest for wishes beyond it. */
export const rungOf = (seconds: number): number =>
  retryAfterRungs.find((rung) => rung >= seconds) ?? (retryAfterRungs.at(-1) as number);

type Trace = Pick<StepProgress, 'attempt' | 'started_at'>;

/** The counts with one more error of the step; the same when this attempt is in them already, or is a late one that nobody waits for any more. */
function withError(now: AttemptsRecord, { attempt, started_at }: Trace, apart: boolean): AttemptsRecord {
  if (!isAfter({ attempt, started_at }, now.counted)) return now;
  const base = attempt > (now.counted?.attempt ?? 0) ? now : noAttempts;
  return {
    ...base,
    step_errors: base.step_errors + 1,
    apart: base.apart + (apart ? 1 : 0),
    counted: { attempt, started_at },
  };
}

const isAfter = (one: Trace, other: Trace | null): boolean =>
  other === null ||
  one.started_at > other.started_at ||
  (one.started_at === other.started_at && one.attempt > other.attempt);

/** Whether an attempt started its handler and then said nothing more. */
const died = (store: ObjectStore, earlier: StepProgress, { counted }: AttemptsRecord): boolean =>
  earlier.ended === undefined && isAfter(earlier, counted) && !unwritten.get(store)?.has(earlier.invocation);

/** Invocations of this process whose end the store did not take. A process that remembers them has not crashed. */
const unwritten = new WeakMap<ObjectStore, Set<string>>();

/** Leaves word that the attempt ends, and not by an error of the step. */
async function noteEnd(
  { run, step }: StepPayload,
  { ports: { store }, invocationId }: Invocation,
  ended: 'time-out' | 'platform',
): Promise<void> {
  try {
    const progress = await readProgress(store, run, step.name);
    if (progress?.invocation === invocationId)
      await overwriteJson(store, progressKey(run, step.name), { ...progress, ended });
  } catch {
    unwritten.set(store, (unwritten.get(store) ?? new Set()).add(invocationId));
  }
}

const isOneOf = (names: readonly string[], name: string): boolean => names.includes(name);

/** An error under a name that steers the retriers; `read-failure.ts` takes the real one out again. */
function carrying(name: string, real: Error): Error {
  const error = new Error(`${real.name}: ${real.message}`);
  error.name = name;
  if (real.stack !== undefined) error.stack = real.stack;
  return error;
}
