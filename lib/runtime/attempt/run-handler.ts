import { StepTimedOutError } from '../../contract/errors.ts';
import { longestRestSeconds } from '../../contract/retry-delays.ts';
import { checkResult } from '../handler/check-result.ts';
import { isLookedAt } from '../handler/declared-outputs.ts';
import { HandlerSessions } from '../handler/handler-sessions.ts';
import { handlerStarts } from '../handler/handler-starts.ts';
import { type OpenStep, openStep } from '../handler/open-step.ts';
import { toJson } from '../handler/to-json.ts';
import type { Work } from '../invocation.ts';
import type { StepFunction } from '../step.ts';
import { startAbortTimer } from './abort-timer.ts';
import type { Output } from './commit.ts';
import { type Yielded, yieldedAt } from './long-attempt.ts';
import { toStepError } from './to-step-error.ts';

/** Runs the handler and stores its output. Every failure becomes an error whose name Step Functions' retriers understand. */
export async function runHandler(work: Work): Promise<Output | Yielded> {
  const { ports, deadline, handler } = work.invocation;
  const timer = startAbortTimer(ports.clock, earliest(deadline, work.long?.deadline));
  const sessions = new HandlerSessions(work.invocation, timer.signal);
  try {
    const opened = await openStep(work, sessions);
    return await runOpen(opened, handler, { work, sessions });
  } finally {
    timer.stop();
    await sessions.close();
  }
}

async function runOpen(
  opened: OpenStep,
  handler: StepFunction,
  { work, sessions }: { readonly work: Work; readonly sessions: HandlerSessions },
): Promise<Output | Yielded> {
  const { step, outputs, yielding, redact, progress } = opened;
  try {
    const handle = (): unknown => {
      handlerStarts.publish({ step: step.name });
      return handler(step);
    };
    const ended = await yielding.run(() => withinAttempt(work, handle), step.signal);
    if ('checkpoint' in ended) {
      step.log.info('the attempt continues in a fresh invocation', { invocations: ended.checkpoint.invocations });
      return yieldedAt(ended.checkpoint);
    }
    const result = await checkResult(toJson(ended.returned), work.payload.step);
    const { startedAt, firstStartedAt } = progress;
    const { datasets: written, files } = await outputs.finish();
    const checked = await checkedDatasets(written, { work, sessions, queries: opened.queries });
    const checks = [...opened.checks, ...(checked.checks ?? [])];
    // A long step may have loaded in an earlier invocation.
    const loads = opened.loads.happened || (work.long !== null && (await opened.loads.happenedBefore()));
    const { marks } = opened.watermarks;
    const facts = {
      ...(checks.length > 0 && { checks }),
      ...(loads && { loads }),
      ...(marks.length > 0 && { watermarks: marks }),
    };
    return { result, files, ...checked, ...facts, startedAt, firstStartedAt };
  } catch (thrown) {
    await outputs.abandon();
    await progress.fail();
    const error = toStepError(thrown, { timedOut: step.signal.aborted, redact });
    step.log.error('the attempt failed', { error: error.name, cause: error.message, stack: error.stack });
    if ((error.retryAfter ?? 0) > longestRestSeconds) {
      step.log.warn(`the error asks for ${error.retryAfter} s; the longest delay is ${longestRestSeconds} s`);
    }
    throw error;
  } finally {
    progress.end();
  }
}

const earliest = (...times: (number | undefined)[]): number | undefined => {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
};

/** Ends the wait for a handler when its attempt has used up the step's time-out. At the end of the function itself Lambda kills the process. */
async function withinAttempt(
  { long, payload, invocation: { ports, deadline } }: Work,
  handle: () => unknown,
): Promise<unknown> {
  if (!long || (deadline !== undefined && deadline < long.deadline)) return handle();
  const stop = new AbortController();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timedOut = (): void =>
    reject(
      new StepTimedOutError(
        `attempt ${payload.attempt} has used up the step's time-out of ${payload.long?.timeout_seconds} s in ${long.invocations} invocations`,
      ),
    );
  ports.clock.sleep(Math.max(0, long.deadline - ports.clock.now()), stop.signal).then(timedOut, () => undefined);
  try {
    return await Promise.race([late, handle()]);
  } finally {
    stop.abort();
  }
}

/** Returns the datasets that go on, and the results of their checks. */
async function checkedDatasets(
  written: Output['datasets'],
  at: { readonly work: Work; readonly sessions: HandlerSessions; readonly queries: OpenStep['queries'] },
): Promise<Pick<Output, 'datasets' | 'checks'>> {
  const { step } = at.work.payload;
  if (!isLookedAt(step, Object.keys(written))) return { datasets: written };
  // Only if there are checks or profiles: their SQL is not part of an ordinary start.
  const { checkDatasets } = await import('../checks/check-datasets.ts');
  return checkDatasets(written, at);
}
