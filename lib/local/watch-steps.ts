import { TaskFailure } from '../asl/api.ts';
import { errorNames } from '../contract/error-names.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import { placeholders } from '../states/placeholders.ts';
import type { InvokeFunction } from './local-tasks.ts';
import type { Progress } from './run-options.ts';

/** Tells what happens to each step, from the invocations of the functions that act for it. */
export function watchSteps(invoke: InvokeFunction, tell: (progress: Progress) => void): InvokeFunction {
  return async (name, event, call) => {
    const kind = kindOf(name);
    const step = kind && stepNameOf(event);
    if (!step) return invoke(name, event, call);
    if (kind === 'wait') tell({ type: 'step-waiting', step, at: Date.now() });
    if (kind === 'step') tell({ type: 'step-started', step, attempt: attemptOf(event), at: Date.now() });
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

/** A wait names its step; the others carry what they need to know of it. */
function stepNameOf(event: Json): string | null {
  const { step } = event as { step?: string | { name: string } };
  return typeof step === 'string' ? step : (step?.name ?? null);
}

const attemptOf = (event: Json): number => (event as { attempt: number }).attempt;

function afterFailure(step: string, { error, cause }: TaskFailure): Progress {
  const at = Date.now();
  if (error === errorNames.blocked) return { type: 'step-ended', step, outcome: 'blocked', at };
  return { type: 'step-retrying', step, error, cause, at };
}
