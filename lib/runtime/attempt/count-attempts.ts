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
} from '../../contract/error-names.ts';
import { progressKey } from '../../contract/object-keys.ts';
import type { StepPayload } from '../../contract/payloads.ts';
import type { AttemptsRecord, StepProgress } from '../../contract/records.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import type { Invocation, Standing, Work } from '../invocation.ts';
import { noAttempts, readAttempts, updateAttempts } from '../records/attempts.ts';
import { readProgress } from '../records/dead-letter.ts';
import { isoTime, overwriteJson } from '../records/json-objects.ts';
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
  if (step.budgets.step === 1 && !long) return { startedAt, earlier, stepErrors: 0 };
  let record = await readAttempts(store, run, step.name);
  if (earlier && earlier.attempt < attempt && died(store, earlier, record)) {
    record = await updateAttempts(store, run, step.name, (now) => withError(now, earlier, false));
  } else if (long && earlier?.ended && earlier.attempt < attempt) {
    record = await updateAttempts(store, run, step.name, (now) => withEnd(now, earlier));
  }
  // A redrive begins the state and its budgets anew: then the record is of attempts with higher numbers.
  const counts = attempt > (record.counted?.attempt ?? 0) ? record : noAttempts;
  if (long && isUsedUp(counts, step.budgets)) {
    const last = new Error(
      `${counts.time_outs} attempts ran into a time-out, ${counts.platform} into faults of the platform`,
    );
    last.name = counts.time_outs >= step.budgets.time_out ? timeOuts[0] : errorNames.platform;
    throw carrying(errorNames.exhausted, last);
  }
  const { step_errors: stepErrors, apart } = counts;
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
  if (!(error instanceof Error) || isOneOf(neverRetried, error.name)) return error;
  if (step.budgets.step === 1 && !long) return error;
  const me = { attempt, started_at: standing.startedAt };
  const ended = isOneOf(timeOuts, error.name) ? 'time-out' : error.name === errorNames.platform ? 'platform' : null;
  if (ended) {
    await noteEnd(payload, invocation, ended);
    if (!long) return error;
    const counts = await updateAttempts(store, run, step.name, (now) => withEnd(now, { ...me, ended })).catch(
      () => null,
    );
    return counts && isUsedUp(counts, step.budgets) ? carrying(errorNames.exhausted, error) : error;
  }
  const retryAfter = error instanceof StepError ? error.retryAfter : null;
  const apart = retryAfter !== null || step.backoff !== undefined;
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
const rungOf = (seconds: number): number =>
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

/** The counts with one more end of a long step's attempt that was no error of the step. Retriers count those of other steps. */
function withEnd(now: AttemptsRecord, { attempt, started_at, ended }: Ended): AttemptsRecord {
  if (!isAfter({ attempt, started_at }, now.counted)) return now;
  const base = attempt > (now.counted?.attempt ?? 0) ? now : noAttempts;
  const field = ended === 'platform' ? 'platform' : 'time_outs';
  return { ...base, [field]: base[field] + 1, counted: { attempt, started_at } };
}

type Ended = Trace & Pick<StepProgress, 'ended'>;

/** A long step's retriers begin to count anew with every yield, so this counts for them. */
const isUsedUp = ({ time_outs, platform }: AttemptsRecord, budgets: StepPayload['step']['budgets']): boolean =>
  time_outs >= budgets.time_out || platform >= budgets.platform;

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
