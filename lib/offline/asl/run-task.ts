import type { Json, JsonObject } from '../../contract/json.ts';
import { TaskFailure } from './api.ts';
import { checkSize } from './limits.ts';
import { linkedController } from './linked-controller.ts';
import { StateFailure } from './state-failure.ts';
import type { Visit } from './visit.ts';

/** One attempt of a Task, its fields evaluated. */
export interface TaskAttempt {
  /** Less the partition: `states:::lambda:invoke`. */
  readonly resource: string;
  readonly arguments: Json;
  readonly timeoutSeconds: number | null;
}

/**
 * Calls the task runner and returns the first result: the runner's, or the token's answer if the task has a token. Time-out and abort end it.
 * The runner's signal fires on time-out, failure of a sibling and end of the execution, not when the token's answer overtakes the runner.
 */
export async function runTask(visit: Visit, attempt: TaskAttempt): Promise<Json> {
  const named = nameOf(attempt.resource);
  visit.branch.signal.throwIfAborted();
  checkSize(attempt.arguments, `The arguments of state '${visit.state.name}'`);
  visit.emit('TaskScheduled', {
    ...named,
    parameters: attempt.arguments,
    ...(attempt.timeoutSeconds !== null && { timeoutInSeconds: attempt.timeoutSeconds }),
  });
  visit.emit('TaskStarted', { ...named });
  try {
    const result = asSent(await answer(visit, attempt, named));
    checkSize(result, `The result of state '${visit.state.name}'`);
    visit.emit('TaskSucceeded', { ...named, output: result });
    return result;
  } catch (failure) {
    if (failure instanceof StateFailure) {
      const type = failure.error === 'States.Timeout' ? 'TaskTimedOut' : 'TaskFailed';
      visit.emit(type, { ...named, ...failure.details() });
    }
    throw failure;
  }
}

const answer = async (visit: Visit, attempt: TaskAttempt, named: JsonObject): Promise<Json> => {
  const { execution, signal } = visit.branch;
  const { clock } = execution.options;
  const { token } = visit;
  const settled = Promise.withResolvers<Json>();
  const timer = new AbortController();
  const onAbort = (): void => settled.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (token !== null) execution.tokens.await(token, { succeed: settled.resolve, fail: settled.reject });
  if (attempt.timeoutSeconds !== null) {
    clock.sleep(attempt.timeoutSeconds * 1000, timer.signal).then(
      () => settled.reject(new StateFailure('States.Timeout', undefined)),
      () => undefined,
    );
  }
  const work = linkedController(signal);
  let over = false;
  call(visit, attempt, work.controller.signal)
    .finally(work.release)
    .then((result) => {
      if (token === null) settled.resolve(result);
      else if (!over) visit.emit('TaskSubmitted', { ...named, output: asSent(result) });
    })
    .catch((error: unknown) => {
      settled.reject(error instanceof TaskFailure ? new StateFailure(error.error, error.cause) : error);
    });
  try {
    return await settled.promise;
  } catch (failure) {
    work.controller.abort(failure);
    throw failure;
  } finally {
    over = true;
    timer.abort();
    signal.removeEventListener('abort', onAbort);
    if (token !== null) execution.tokens.forget(token);
  }
};

/** Calls the runner at once. A synchronous throw becomes a rejection. */
const call = async (visit: Visit, attempt: TaskAttempt, signal: AbortSignal): Promise<Json> =>
  visit.branch.execution.options.runTask({
    resource: attempt.resource,
    arguments: asSent(attempt.arguments),
    state: visit.state.name,
    retryCount: visit.retryCount,
    token: visit.token,
    signal,
  });

/** A copy, as after a transfer: neither side of a task can change the other's data. */
const asSent = (value: Json | undefined): Json => JSON.parse(JSON.stringify(value ?? null));

/** `lambda` and `invoke.waitForTaskToken`, as the history has them. */
const nameOf = (resource: string): JsonObject => {
  const [service = '', ...action] = resource.slice('states:::'.length).split(':');
  return { resourceType: service, resource: action.join(':') };
};
