import type { Json, JsonObject } from '../../contract/json.ts';
import type { Branch } from './branch.ts';
import type { State } from './machine.ts';
import { matches } from './match-error.ts';
import { forgetThreads } from './open-threads.ts';
import { retryDelay } from './retry-delay.ts';
import { EvaluationFailure, StateFailure } from './state-failure.ts';
import type { Retrier, Step } from './step.ts';
import { Visit } from './visit.ts';

/** Enters a state, tries it as often as its retriers allow, and leaves it normally or through a catcher. */
export async function visitState(state: State, branch: Branch, input: Json): Promise<Step> {
  const visit = new Visit(branch, state, input);
  branch.visits += 1;
  const { history, journal } = branch.execution;
  branch.execution.transitions += 1;
  branch.open = state;
  const enteredEvent = visit.emit(`${state.type}StateEntered`, { name: state.name, input });
  const step = await attempts(state, visit, enteredEvent);
  // This comes before any effect of the exit: a state that was left must never run again.
  if (!history.closed) journal.record({ type: 'exit', visit: visit.id, state: state.name, ...step });
  branch.variables = { ...branch.variables, ...step.assigned };
  visit.emit(`${state.type}StateExited`, exitDetails(state, step));
  branch.open = null;
  return step;
}

const exitDetails = (state: State, { output, assigned }: Step): JsonObject => ({
  name: state.name,
  output,
  ...(Object.keys(assigned).length > 0 && { assignedVariables: assigned }),
});

const attempts = async (state: State, visit: Visit, enteredEvent: number): Promise<Step> => {
  /** Each retrier keeps its own count. */
  const used = new Map<Retrier, number>();
  for (;;) {
    try {
      return await recordEvaluation(visit, enteredEvent, state.run(visit));
    } catch (failure) {
      if (!(failure instanceof StateFailure) || visit.branch.signal.aborted) throw failure;
      if (await retry(visit, used, failure)) continue;
      if (failureRecorded.has(state.type)) visit.emit(`${state.type}StateFailed`, failure.details());
      return await handle(visit, enteredEvent, failure);
    }
  }
};

/** Waits for the next attempt; false when no retrier matches or the first that matches has none left. */
const retry = async (visit: Visit, used: Map<Retrier, number>, failure: StateFailure): Promise<boolean> => {
  const { execution, signal } = visit.branch;
  const { clock, random } = execution.options;
  const retrier = visit.state.retriers.find(({ errors }) => matches(errors, failure));
  if (retrier === undefined) return false;
  const retries = used.get(retrier) ?? 0;
  if (retries >= retrier.maxAttempts) return false;
  used.set(retrier, retries + 1);
  await clock.sleep(retryDelay(retrier, retries, random), signal);
  visit.retryCount += 1;
  execution.transitions += 1;
  return true;
};

const handle = (visit: Visit, enteredEvent: number, failure: StateFailure): Promise<Step> => {
  const catcher = visit.state.catchers.find(({ errors }) => matches(errors, failure));
  if (catcher === undefined) {
    forgetThreads(visit, failure);
    throw failure;
  }
  const errorOutput = failure.errorOutput();
  return recordEvaluation(visit, enteredEvent, visit.leave(catcher.exit, errorOutput, { errorOutput }));
};

/** Writes EvaluationFailed when an expression fails, and names the state in the cause. */
const recordEvaluation = async (visit: Visit, enteredEvent: number, step: Promise<Step>): Promise<Step> => {
  try {
    return await step;
  } catch (failure) {
    if (!(failure instanceof EvaluationFailure)) throw failure;
    const { name } = visit.state;
    const cause = `An error occurred while executing the state '${name}' (entered at the event id #${enteredEvent}). ${failure.cause}`;
    const { location } = failure;
    visit.emit('EvaluationFailed', { error: 'States.QueryEvaluationError', cause, location, state: name });
    throw new StateFailure(failure.error, cause);
  }
};

/** State types whose own failure AWS records, after their retries and before they are caught. */
const failureRecorded: ReadonlySet<string> = new Set(['Parallel', 'Map']);
