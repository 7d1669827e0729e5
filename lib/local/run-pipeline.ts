import { pathToFileURL } from 'node:url';
import type { ExecutionResult, RunningExecution } from '../asl/api.ts';
import { loadMachine } from '../asl/load-machine.ts';
import { startExecution } from '../asl/start-execution.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import { readRun } from '../operate/read-run.ts';
import type { RunReport } from '../operate/run-report.ts';
import { FolderDeadLetterQueue } from '../ports/folder-dead-letter-queue.ts';
import { FolderExecutions, recordExecution } from '../ports/folder-executions.ts';
import { FolderObjectStore } from '../ports/folder-object-store.ts';
import { SystemClock } from '../ports/system-clock.ts';
import { reconcile } from '../runtime/reconcile.ts';
import { runIdentity } from '../runtime/run-identity.ts';
import { placeholders, substitute } from '../states/placeholders.ts';
import { checkInput } from './check-input.ts';
import { executionName, localExecutionArn } from './execution-name.ts';
import { FunctionPool } from './function-pool.ts';
import { localFolders } from './local-folders.ts';
import { localFunctions } from './local-functions.ts';
import { type LocalSetup, startLocalSetup } from './local-setup.ts';
import { localTasks } from './local-tasks.ts';
import { pollProgress } from './poll-progress.ts';
import type { Progress, RunOptions } from './run-options.ts';
import { RunRefusedError } from './run-refused-error.ts';
import { watchSteps } from './watch-steps.ts';

/**
 * Runs a compiled pipeline on this machine: the definition that is deployed, the handlers that are deployed, a folder as the store. Input that does not fit is an
 * InvalidInputError before anything starts. May be killed at any moment: what was committed stays.
 */
export async function runPipeline(options: RunOptions): Promise<RunReport> {
  if (options.input) checkInput(options.pipeline.plan, options.input);
  const { plan } = options.pipeline;
  const store = new FolderObjectStore(localFolders(options.storeFolder, plan.name).store);
  const setup = await startLocalSetup(plan.localSetup, options.root, {
    store,
    data: options.data,
    log: (line) => options.onProgress({ type: 'setup', line }),
  });
  try {
    const input = options.input ?? setup.input ?? {};
    checkInput(plan, input);
    return await runWithSetup(options, { input, setup, store });
  } finally {
    await setup.stop();
  }
}

interface Prepared {
  readonly input: JsonObject;
  readonly setup: LocalSetup;
  readonly store: FolderObjectStore;
}

async function runWithSetup(options: RunOptions, { input, setup, store }: Prepared): Promise<RunReport> {
  const { plan, machine } = options.pipeline;
  const clock = new SystemClock();
  const folders = localFolders(options.storeFolder, plan.name);
  const queue = new FolderDeadLetterQueue(folders.queue, clock);
  const functions = localFunctions(machine, {
    root: options.root,
    storeUrl: folders.storeUrl,
    setup: setup.environment,
  });
  const values = {
    ...Object.fromEntries([...functions.keys()].map((name) => [name, name])),
    [placeholders.deadLetterQueueUrl]: pathToFileURL(folders.queue).href,
  };
  const definition = JSON.parse(substitute(JSON.stringify(machine.definition), values)) as Json;
  const loaded = loadMachine(definition);

  const name = executionName(clock.now());
  const arn = localExecutionArn(plan.name, name);
  const run = { pipeline: plan.name, run_id: runIdentity(plan.name, name, input).run_id };
  let execution: RunningExecution | undefined;
  const pool = new FunctionPool(functions, folders.logs, (token, output) =>
    execution ? execution.succeedTask(token, JSON.parse(output) as Json) : false,
  );
  const { tell, running } = withRunning(options.onProgress);
  const polling = new AbortController();
  const startedAt = clock.now();
  try {
    await recordExecution(folders.executions, arn, { status: 'RUNNING', pid: process.pid });
    tell({ type: 'started', run_id: run.run_id, input, at: startedAt });
    const invoke = watchSteps((fn, event, call) => pool.invoke(fn, event, call.signal), tell);
    execution = startExecution(loaded, {
      arn,
      name,
      input,
      clock,
      random: Math.random,
      runTask: localTasks(invoke, queue),
      onEvent: (event) => tell({ type: 'history', event }),
      signal: options.signal,
    });
    void pollProgress({ store, clock, run, running: () => running, tell }, polling.signal);
    const result = await execution.result;
    await recordExecution(folders.executions, arn, { status: result.status, pid: process.pid });
    await account(result, { pipeline: plan.name, arn, name, input, startedAt }, { store, clock, queue });
    throwWhenRefused(result);
    const steps = plan.steps.map((step) => step.name);
    const executions = new FolderExecutions(folders.executions);
    const report = await readRun(store, { name: plan.name, steps }, run.run_id, executions);
    if (!report) throw new Error(`the run ${run.run_id} left no record in ${folders.store}`);
    return report;
  } finally {
    polling.abort();
    await pool.close();
  }
}

/** What EventBridge does on AWS: an execution that ended badly is reported to Reconcile. */
async function account(
  { status, error, cause }: ExecutionResult,
  execution: { pipeline: string; arn: string; name: string; input: JsonObject; startedAt: number },
  ports: { store: FolderObjectStore; clock: SystemClock; queue: FolderDeadLetterQueue },
): Promise<void> {
  if (status === 'SUCCEEDED') return;
  const { pipeline, arn, name, input, startedAt } = execution;
  const detail = {
    executionArn: arn,
    name,
    status,
    startDate: startedAt,
    stopDate: ports.clock.now(),
    input: JSON.stringify(input),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
  };
  await reconcile({ pipeline, detail }, ports);
}

/** Prepare says why an execution must not go on, and the machine ends well with that as its output. */
function throwWhenRefused({ output }: ExecutionResult): void {
  const refused = (output as { refused?: string } | undefined)?.refused;
  if (refused !== undefined) throw new RunRefusedError(refused);
}

/** Keeps the names of the steps that are running, from what is told. */
function withRunning(onProgress: (progress: Progress) => void) {
  const running = new Set<string>();
  const tell = (progress: Progress): void => {
    if (progress.type === 'step-started') running.add(progress.step);
    if (progress.type === 'step-ended' || progress.type === 'step-retrying') running.delete(progress.step);
    onProgress(progress);
  };
  return { tell, running };
}
