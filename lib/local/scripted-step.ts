import { TaskFailure } from '../asl/api.ts';
import { PermanentError, RetryableError } from '../contract/errors.ts';
import type { Json } from '../contract/json.ts';
import { stepPayload } from '../contract/payloads.ts';
import type { Ports } from '../ports/from-environment.ts';
import { runStep } from '../runtime/run-step.ts';
import { type AttemptKind, attemptOf, type Scenario } from './scenario.ts';

/**
 * Runs one attempt of a step through the real protocol, with a handler that sleeps and ends as the scenario says. A time-out or crash kills the attempt from outside, wherever the
 * protocol is: the work is left as it lies.
 */
export async function runScriptedStep(event: Json, scenario: Scenario, context: ScriptedContext): Promise<Json> {
  const payload = stepPayload.parse(event);
  const { kind, durationMs } = attemptOf(scenario, payload.step.name, payload.attempt - 1);
  const killed = Promise.withResolvers<never>();
  const handler = scriptedHandler(kind, durationMs, { ...context, kill: killed.reject });
  const attempt = runStep(payload, {
    ports: context.ports,
    handler,
    invocationId: context.invocationId,
    writeLine: () => undefined,
  });
  return (await Promise.race([attempt, killed.promise])) as unknown as Json;
}

export interface ScriptedContext {
  readonly ports: Ports;
  readonly timeoutSeconds: number;
  readonly invocationId: string;
}

function scriptedHandler(
  kind: AttemptKind,
  durationMs: number,
  { ports, timeoutSeconds, kill }: ScriptedContext & { readonly kill: (reason: TaskFailure) => void },
) {
  const limitMs = timeoutSeconds * 1000;
  return async () => {
    // A blocked step never comes here, so it uses up none of its scripted attempts.
    if (kind === 'throttle') {
      kill(new TaskFailure('Lambda.TooManyRequestsException', 'Rate Exceeded.'));
      return never;
    }
    if (kind === 'timeout' || durationMs >= limitMs) {
      await ports.clock.sleep(limitMs);
      kill(new TaskFailure('Sandbox.Timedout', `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`));
      return never;
    }
    await ports.clock.sleep(durationMs);
    if (kind === 'crash') {
      kill(new TaskFailure('Runtime.ExitError', 'Runtime exited with error: exit status 1'));
      return never;
    }
    if (kind === 'fail') throw new RetryableError('the scenario says that this attempt fails');
    if (kind === 'permanent') throw new PermanentError('the scenario says that this attempt fails for good');
    return {};
  };
}

const never = new Promise<never>(() => undefined);
