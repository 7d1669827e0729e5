import { placeholders } from '../../compiler/states/placeholders.ts';
import { errorNames } from '../../contract/error-names.ts';
import type { Json, JsonObject } from '../../contract/json.ts';
import type { StepEvent } from '../../contract/payloads.ts';
import { attemptOf } from '../../contract/resolve-event.ts';
import { stepIn } from '../../contract/state-names.ts';
import { TaskFailure } from '../asl/api.ts';
import type { InvokeFunction } from '../host/local-tasks.ts';
import type { Progress } from './run-options.ts';

/** Derives the events of each step from the invocations of its functions, and reports the run for which this one waits. */
export function watchSteps(invoke: InvokeFunction, tell: (progress: Progress) => void): InvokeFunction {
  let told = '';
  const tellQueued = (answer: JsonObject): JsonObject => {
    const reason = typeof answer.queued === 'string' ? answer.queued : '';
    if (reason !== '' && reason !== told) tell({ type: 'queued', reason, at: Date.now() });
    told = reason;
    return answer;
  };
  return async (name, event, call) => {
    if (name === placeholders.prepare) return tellQueued((await invoke(name, event, call)) as JsonObject);
    const kind = kindOf(name);
    const step = kind && stepIn(event);
    if (!step) return invoke(name, event, call);
    if (kind === 'wait') tell({ type: 'step-waiting', step, at: Date.now() });
    if (kind === 'step') tell({ type: 'step-started', step, ...shownAttempt(event), at: Date.now() });
    try {
      const answer = await invoke(name, event, call);
      const outcome = kind === 'wait' ? null : (answer as JsonObject).outcome;
      if (outcome) tell({ type: 'step-ended', step, outcome: String(outcome), at: Date.now() });
      return answer;
    } catch (error) {
      if (kind === 'step' && error instanceof TaskFailure) tell(afterFailure(step, error));
      throw error;
    }
  };
}

const kindOf = (name: string): 'step' | 'wait' | 'failure' | null => {
  if (name === placeholders.wait) return 'wait';
  if (name === placeholders.recordFailure) return 'failure';
  return name === placeholders.prepare || name === placeholders.finalize ? null : 'step';
};

/** The attempt, and which of its invocations this is. */
function shownAttempt(event: Json): { readonly attempt: number; readonly invocation: number } {
  const given = event as unknown as StepEvent;
  const attempt = attemptOf(given);
  const { yielded } = given.input ?? {};
  const continues = yielded?.attempt === attempt && yielded.redrives === (given.redrives ?? 0);
  return { attempt, invocation: continues ? yielded.invocations + 1 : 1 };
}

function afterFailure(step: string, { error, cause }: TaskFailure): Progress {
  const at = Date.now();
  if (error === errorNames.blocked) return { type: 'step-ended', step, outcome: 'blocked', at };
  return { type: 'step-retrying', step, error, cause, at };
}
