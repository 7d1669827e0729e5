/** Ends a failed attempt: counts it, and throws the error name that makes the machine take the right next step. */
import { errorNames, neverRetried, timeOuts } from '../../contract/error-names.ts';
import { progressKey } from '../../contract/object-keys.ts';
import type { AttemptsRecord } from '../../contract/records/attempts.ts';
import { delayAfter, longestRestSeconds } from '../../contract/retry-delays.ts';
import type { StepSpec } from '../../contract/step-spec.ts';
import { tryAgainText } from '../../contract/try-again.ts';
import type { Retrying } from '../events/attempt-events.ts';
import type { Work } from '../invocation.ts';
import { type AttemptEnd, countAttempt, usedUp } from '../records/attempts.ts';
import { readProgress } from '../records/dead-letter.ts';
import { overwriteJson } from '../records/json-objects.ts';
import { carrying } from './carrying.ts';
import { StepError } from './to-step-error.ts';
import { rememberEnd } from './unwritten-ends.ts';

/** The end of a failed attempt: the error to throw, and the facts about the attempt that follows it; null when none does. */
interface EndedAttempt {
  readonly thrown: unknown;
  readonly again: Retrying | null;
}

/**
 * Counts an attempt's error and gives the error to throw: itself, where a retrier of the machine gives it the right delay; `TryAgain`, where none can; `Exhausted`,
 * where a budget is used up that the retriers have not counted to its end.
 */
export async function endAttempt(work: Work, error: unknown): Promise<EndedAttempt> {
  const { payload, standing, invocation, long } = work;
  const { run, step, attempt, again } = payload;
  const { store } = invocation.ports;
  if (!(error instanceof Error) || isOneOf(neverRetried, error.name)) return { thrown: error, again: null };
  const kind = kindOf(error);
  const next = { error, kind, delaySeconds: null };
  // Without a record of attempts the machine alone counts, and this attempt's number is the best that is known.
  const uncounted = { thrown: error, again: attempt < budgetOf(kind, step.budgets) ? next : null };
  if (step.budgets.step === 1 && !long) return uncounted;
  if (kind === 'time-out' || kind === 'platform') await noteEnd(work, kind);
  const end = { attempt, started_at: standing.startedAt, kind };
  const record = await countAttempt(store, run, step.name, end).catch(() => null);
  // The store did not take it: a retrier of the machine does, and the next attempt finds that this one ended without a word.
  if (!record) return uncounted;
  const seconds = isStepError(kind) ? delayBefore(record, error, work) : null;
  const used = usedUp(record, step.budgets);
  if ((long || again || seconds !== null) && used)
    return { thrown: carrying(errorNames.exhausted, error), again: null };
  if (seconds === null) return { thrown: error, again: used ? null : next };
  const entry = (long?.rank[2] ?? again?.entry ?? 0) + 1;
  return {
    thrown: carrying(errorNames.tryAgain, error, (text) => tryAgainText({ seconds, attempt, entry }, text)),
    again: { ...next, delaySeconds: seconds },
  };
}

function kindOf(error: Error): AttemptEnd['kind'] {
  if (isOneOf(timeOuts, error.name)) return 'time-out';
  if (error.name === errorNames.platform) return 'platform';
  return error instanceof StepError && error.retryAfter !== null ? 'rested' : 'error';
}

const budgetOf = (kind: AttemptEnd['kind'], budgets: StepSpec['budgets']): number =>
  kind === 'time-out' ? budgets.time_out : kind === 'platform' ? budgets.platform : budgets.step;

const isStepError = (kind: AttemptEnd['kind']): boolean => kind === 'error' || kind === 'rested';

/** Whole seconds that the machine has to wait for, or null where one of its retriers waits as long. */
function delayBefore(record: AttemptsRecord, error: Error, { payload, invocation }: Work): number | null {
  const { step, again } = payload;
  const wish = error instanceof StepError ? error.retryAfter : null;
  if (wish !== null) return Math.min(longestRestSeconds, Math.max(1, Math.ceil(wish)));
  const errors = errorsThatGrow(record, step.delays.backoff, again !== null);
  if (errors === null) return null;
  const longest = delayAfter(step.delays, Math.max(1, errors));
  const share = step.delays.jitter ? (invocation.random ?? Math.random)() : 1;
  return Math.max(1, Math.round(share * longest));
}

/** The number of errors that have increased the delay; null if the machine counts them itself. Its own count of doublings begins again when it comes back into the step. */
function errorsThatGrow(
  { step_errors, rested }: AttemptsRecord,
  backoff: StepSpec['delays']['backoff'],
  cameBack: boolean,
): number | null {
  if (backoff === 'linear' || backoff === 'fibonacci') return step_errors;
  return backoff === 'exponential' && cameBack ? step_errors - rested : null;
}

/** Notes in the step's progress that the attempt ends, and not by an error of the step. */
async function noteEnd({ payload, invocation }: Work, ended: 'time-out' | 'platform'): Promise<void> {
  const { run, step } = payload;
  const { store } = invocation.ports;
  try {
    const progress = await readProgress(store, run, step.name);
    if (progress?.invocation === invocation.invocationId)
      await overwriteJson(store, progressKey(run, step.name), { ...progress, ended });
  } catch {
    rememberEnd(store, invocation.invocationId);
  }
}

const isOneOf = (names: readonly string[], name: string): boolean => names.includes(name);
