import { PermanentError, RetryableError } from '../../contract/errors.ts';
import type { Json } from '../../contract/json.ts';
import type { StepPayload } from '../../contract/resolve-event.ts';
import type { Ports } from '../../ports/from-environment.ts';
import type { Clock } from '../../ports/ports.ts';
import { runStep } from '../../runtime/attempt/run-step.ts';
import { longestReserve } from '../../runtime/handler/yielding.ts';
import { readOutcome, readOutcomes } from '../../runtime/records/settle.ts';
import { decide } from '../../runtime/records/trigger-rule.ts';
import type { Step } from '../../runtime/step.ts';
import { TaskFailure } from '../asl/api.ts';
import { attemptOf, type Scenario, type ScriptedAttempt } from './scenario.ts';

/**
 * Runs one attempt of a step through the real protocol, with a handler that sleeps and ends as the scenario says. A time-out or crash kills the attempt from outside, at any
 * point of the protocol, and leaves the work unfinished.
 */
export async function runScriptedStep(given: StepPayload, scenario: Scenario, context: ScriptedContext): Promise<Json> {
  // A script has no results and no datasets, so their declarations are not checked.
  const { result_schema: _, ...step } = given.step;
  const { outputs: __, ...config } = step.config;
  const payload = { ...given, step: { ...step, config: { ...config, initialization: step.config.initialization } } };
  const { does, durationMs } = attemptOf(scenario, payload.step.name, payload.attempt - 1);
  const begins = (): void => context.onBegin(payload.step.name);
  if (does === 'throttle' && (await willRun(payload, context))) {
    begins();
    throw throttled();
  }
  const killed = Promise.withResolvers<never>();
  const death = new AbortController();
  const ports = { ...context.ports, clock: untilDeath(context.ports.clock, death.signal) };
  const kill = (reason: TaskFailure): void => {
    death.abort(reason);
    killed.reject(reason);
  };
  const handler = scriptedHandler(does, durationMs, { ...context, ports, kill });
  const attempt = runStep(payload, {
    ports,
    handler: (step) => {
      begins();
      return handler(step);
    },
    invocationId: context.invocationId,
    deadline: ports.clock.now() + context.timeoutSeconds * 1000,
    random: () => scenario.jitter,
    writeLine: () => undefined,
  });
  return (await Promise.race([attempt, killed.promise])) as unknown as Json;
}

export interface ScriptedContext {
  readonly ports: Ports;
  readonly timeoutSeconds: number;
  readonly invocationId: string;
  /** Called for every invocation that runs the step's handler, or would if Lambda did not refuse it. */
  readonly onBegin: (step: string) => void;
}

/** Lambda throttles every invocation, but a step that will not run uses up none of its scripted attempts. */
async function willRun({ run, step }: StepPayload, { ports: { store } }: ScriptedContext): Promise<boolean> {
  if (await readOutcome(store, run, step.name)) return false;
  return decide(step.trigger_rule, await readOutcomes(store, run, step.dependencies)).decision === 'run';
}

const throttled = (): TaskFailure => new TaskFailure('Lambda.TooManyRequestsException', 'Rate Exceeded.');

/** The clock of a process: when it dies, its timers die with it. */
const untilDeath = (clock: Clock, death: AbortSignal): Clock => ({
  now: () => clock.now(),
  sleep: (ms, signal) => clock.sleep(ms, signal ? AbortSignal.any([signal, death]) : death),
});

function scriptedHandler(
  does: ScriptedAttempt,
  durationMs: number,
  { ports, timeoutSeconds, kill }: ScriptedContext & { readonly kill: (reason: TaskFailure) => void },
) {
  const limitMs = timeoutSeconds * 1000;
  return async (step: Step) => {
    const done: number = step.checkpoint?.done_ms ?? 0;
    const left = Math.max(0, durationMs - done);
    if (does !== 'timeout' && left >= limitMs) {
      // Work that is longer than its function asks for a yield as late as it can. It gets none if the step's time-out is no longer than the function's.
      const part = limitMs - Math.min(longestReserve, limitMs / 10);
      await ports.clock.sleep(part);
      await step.yieldIfDue({ done_ms: done + part });
      await ports.clock.sleep(limitMs - part);
    }
    if (does === 'timeout' || left >= limitMs) {
      if (does === 'timeout') await ports.clock.sleep(limitMs);
      kill(new TaskFailure('Sandbox.Timedout', `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`));
      return never;
    }
    await ports.clock.sleep(left);
    if (does === 'crash') {
      kill(new TaskFailure('Runtime.ExitError', 'Runtime exited with error: exit status 1'));
      return never;
    }
    if (does === 'fail') throw new RetryableError('the scenario says that this attempt fails');
    if (does === 'permanent') throw new PermanentError('the scenario says that this attempt fails for good');
    if (typeof does === 'object') {
      const retryAfter = does.fail.retry_after;
      throw new RetryableError(`the scenario wants ${retryAfter} s before the next attempt`, { retryAfter });
    }
    return {};
  };
}

const never = new Promise<never>(() => undefined);
