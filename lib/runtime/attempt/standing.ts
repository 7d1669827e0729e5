/** The traces that an attempt finds of those before it. */
import { errorNames, timeOuts } from '../../contract/error-names.ts';
import type { AttemptsRecord } from '../../contract/records/attempts.ts';
import type { StepProgress } from '../../contract/records/progress.ts';
import type { StepPayload } from '../../contract/resolve-event.ts';
import type { Invocation, LongAttempt, Standing } from '../invocation.ts';
import { type AttemptEnd, countAttempt, countsFor, isAfter, readAttempts, usedUp } from '../records/attempts.ts';
import { readProgress } from '../records/dead-letter.ts';
import { isoTime } from '../records/json-objects.ts';
import { carrying } from './carrying.ts';
import { isRemembered } from './unwritten-ends.ts';

/**
 * Finds how the earlier attempts ended, and counts the one before this if it could not do so itself. Throws when a budget is used up: only a crash or a time-out can leave
 * that for the next attempt to find.
 */
export async function readStanding(
  { run, step, attempt, again }: StepPayload,
  { ports: { store, clock } }: Invocation,
  long: LongAttempt | null,
): Promise<Standing> {
  const startedAt = isoTime(long?.startedAt ?? clock.now());
  if (attempt === 1 && (long?.invocations ?? 1) === 1) return { startedAt, earlier: null, stepErrors: 0 };
  const earlier = await readProgress(store, run, step.name);
  if (step.budgets.step === 1 && !long) return { startedAt, earlier, stepErrors: 0 };
  const found = await readAttempts(store, run, step.name);
  const end = earlier && earlier.attempt < attempt && !isRemembered(store, earlier.invocation) ? endOf(earlier) : null;
  const record = end && isAfter(end, found.counted) ? await countAttempt(store, run, step.name, end) : found;
  const counts = countsFor(attempt, record);
  // Within one stay the machine's retriers have counted the same, and stop by themselves.
  const budget = long || again ? usedUp(counts, step.budgets) : null;
  if (budget) throw carrying(errorNames.exhausted, lastError(budget, record));
  return { startedAt, earlier, stepErrors: counts.step_errors };
}

/** An attempt that started its handler and recorded no end has crashed. */
function endOf({ attempt, started_at, ended }: StepProgress): AttemptEnd {
  return { attempt, started_at, kind: ended ?? 'error' };
}

function lastError(budget: 'time-out' | 'platform' | 'step', { time_outs, platform, counted }: AttemptsRecord): Error {
  const names = { 'time-out': timeOuts[0], platform: errorNames.platform, step: 'Runtime.ExitError' };
  const text =
    budget === 'step'
      ? `attempt ${counted?.attempt} ended without a record: its process died`
      : `${time_outs} attempts ran into a time-out, ${platform} into faults of the platform`;
  return Object.assign(new Error(text), { name: names[budget] });
}
