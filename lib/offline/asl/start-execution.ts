import type { ExecutionOptions, ExecutionResult, RunningExecution } from './api.ts';
import { Branch } from './branch.ts';
import { Execution } from './execution.ts';
import { checkSize } from './limits.ts';
import type { Machine } from './machine.ts';
import { runGraph } from './run-graph.ts';
import { StateFailure } from './state-failure.ts';

/**
 * Starts a machine. `result` resolves however the execution ends; it rejects only for a mistake of the host, such as a task runner that rejects with
 * something else than a TaskFailure. Between two events there are only microtasks, apart from what clock and task runner wait for.
 */
export function startExecution(machine: Machine, options: ExecutionOptions): RunningExecution {
  // A copy, so that the caller may change its own.
  const execution = new Execution({ ...options, input: structuredClone(options.input) });
  return {
    result: run(machine, execution),
    succeedTask: (token, output) => execution.tokens.succeed(token, output),
    failTask: (token, error, cause) => execution.tokens.fail(token, error, cause),
  };
}

type Ending = Pick<ExecutionResult, 'status' | 'output' | 'error' | 'cause'>;

const run = async (machine: Machine, execution: Execution): Promise<ExecutionResult> => {
  const { clock, signal } = execution.options;
  const control = new AbortController();
  const branch = new Branch(execution, control.signal, {
    item: null,
    path: '',
    variables: {},
    lastEvent: 0,
    outer: null,
  });
  let stopped: Ending | null = null;
  const stop = (status: 'ABORTED' | 'TIMED_OUT'): void => {
    if (!execution.history.end(branch, status === 'ABORTED' ? 'ExecutionAborted' : 'ExecutionTimedOut')) return;
    stopped = { status, output: undefined, error: undefined, cause: undefined };
    control.abort(new Error(`the execution ended: ${status}`));
  };
  const onAbort = (): void => stop('ABORTED');
  begin(execution, branch);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  if (machine.timeoutSeconds !== null) {
    clock.sleep(machine.timeoutSeconds * 1000, control.signal).then(
      () => stop('TIMED_OUT'),
      () => undefined,
    );
  }
  try {
    const ending = await runToEnd(machine, branch).catch((error: unknown): Ending => {
      if (stopped !== null) return stopped;
      throw error;
    });
    const { transitions, history } = execution;
    return { ...(stopped ?? ending), transitions, events: history.count };
  } finally {
    signal?.removeEventListener('abort', onAbort);
    control.abort(new Error('the execution ended'));
  }
};

/** Writes the first event. AWS lets that of the first state have no predecessor, so the start does not count as the branch's. */
const begin = (execution: Execution, branch: Branch): void => {
  const { history, options } = execution;
  const { redriveCount = 0, input } = options;
  if (redriveCount === 0) {
    history.add({ lastEvent: 0 }, 'ExecutionStarted', { details: { input } });
    return;
  }
  // As AWS bills it.
  execution.transitions += 1;
  branch.lastEvent = options.earlierEvents ?? 0;
  history.add(branch, 'ExecutionRedriven', { details: { redriveCount } });
};

/** Runs the machine's states and writes their end; an abort becomes a rejection. */
const runToEnd = async (machine: Machine, branch: Branch): Promise<Ending> => {
  const { history, options } = branch.execution;
  try {
    checkSize(options.input, 'The input of the execution');
    const output = await runGraph(machine.graph, branch, options.input);
    history.end(branch, 'ExecutionSucceeded', { output });
    return { status: 'SUCCEEDED', output, error: undefined, cause: undefined };
  } catch (failure) {
    if (!(failure instanceof StateFailure)) throw failure;
    history.end(branch, 'ExecutionFailed', failure.details());
    return { status: 'FAILED', output: undefined, error: failure.error, cause: failure.cause };
  }
};
