import { pathToFileURL } from 'node:url';
import { placeholders, substitute } from '../../compiler/states/placeholders.ts';
import type { Json } from '../../contract/json.ts';
import { readRun } from '../../operate/runs/read-run.ts';
import { RunRefusedError } from '../../operate/runs/run-refused-error.ts';
import type { RunReport } from '../../operate/runs/run-report.ts';
import { FolderDeadLetterQueue } from '../../ports/folder/folder-dead-letter-queue.ts';
import { FolderExecutions, recordExecution } from '../../ports/folder/folder-executions.ts';
import type { FolderObjectStore } from '../../ports/folder/folder-object-store.ts';
import { SystemClock } from '../../ports/system-clock.ts';
import { reconcile } from '../../runtime/execution/reconcile.ts';
import type { ExecutionResult, RunningExecution } from '../asl/api.ts';
import { loadMachine } from '../asl/load-machine.ts';
import { startExecution } from '../asl/start-execution.ts';
import { FunctionPool } from '../functions/function-pool.ts';
import { localFunctions } from '../functions/local-functions.ts';
import { openJournal } from '../kept/journal-file.ts';
import { type KeptExecution, KeptExecutions } from '../kept/kept-executions.ts';
import { localFolders } from '../kept/local-folders.ts';
import type { LocalSetup } from './local-setup.ts';
import { localTasks } from './local-tasks.ts';
import { pollProgress } from './poll-progress.ts';
import type { Progress, RunOptions } from './run-options.ts';
import { watchSteps } from './watch-steps.ts';

/** An execution that this process has begun, or begun to redrive. */
export interface Begun {
  readonly execution: KeptExecution;
  /** 0 for the first start. */
  readonly redrive: number;
  /** Events of the history before a redrive. */
  readonly earlierEvents: number;
  readonly setup: LocalSetup;
  readonly store: FolderObjectStore;
}

type EngineOptions = Pick<RunOptions, 'pipeline' | 'root' | 'storeFolder' | 'onProgress' | 'signal'>;

/** Runs an execution to its end, with its functions in child processes, and gives what the store then says of the run. */
export async function runExecution(options: EngineOptions, begun: Begun): Promise<RunReport> {
  const { plan, machine } = options.pipeline;
  const { execution: kept, redrive, setup, store } = begun;
  const { arn, name, input } = kept;
  const clock = new SystemClock();
  const folders = localFolders(options.storeFolder, plan.name);
  const queue = new FolderDeadLetterQueue(folders.queue, clock);
  const functions = localFunctions(machine, {
    root: options.root,
    storeUrl: folders.storeUrl,
    scratch: folders.scratch,
    setup: setup.environment,
  });
  const loaded = loadMachine(substituted(kept, [...functions.keys()], folders.queue));

  let execution: RunningExecution | undefined;
  const pool = new FunctionPool(functions, folders.logs, (token, output) =>
    execution ? execution.succeedTask(token, JSON.parse(output) as Json) : false,
  );
  const { tell, running } = withRunning(options.onProgress);
  const polling = new AbortController();
  const keeper = new KeptExecutions(folders.kept);
  let events = begun.earlierEvents;
  const journal = openJournal(keeper.journalOf(kept), () => ({ at: clock.now(), events }));
  try {
    await recordExecution(folders.executions, arn, { status: 'RUNNING', pid: process.pid });
    tell({ type: 'started', run_id: kept.run_id, redrive, input, at: clock.now() });
    const invoke = watchSteps((fn, event, call) => pool.invoke(fn, event, call.signal), tell);
    execution = startExecution(loaded, {
      arn,
      name,
      input,
      startTime: kept.started_at,
      redriveCount: redrive,
      earlierEvents: begun.earlierEvents,
      journal,
      clock,
      random: Math.random,
      runTask: localTasks(invoke, queue),
      onEvent: (event) => {
        events = event.id;
        tell({ type: 'history', event });
      },
      signal: options.signal,
    });
    void pollProgress({ store, clock, run: kept, running: () => running, tell }, polling.signal);
    const result = await execution.result;
    await keeper.end(kept, redrive, result);
    await account(result, { kept, redrive }, { store, clock, queue });
    // Last: until then, whoever finds this process dead accounts for the execution.
    await recordExecution(folders.executions, arn, { status: result.status, pid: process.pid });
    throwWhenRefused(result);
    const steps = plan.steps.map((step) => step.name);
    const executions = new FolderExecutions(folders.executions);
    const report = await readRun(store, { name: plan.name, steps }, kept.run_id, executions);
    if (!report) throw new Error(`the run ${kept.run_id} left no record in ${folders.store}`);
    return report;
  } finally {
    polling.abort();
    await pool.close();
    journal.close();
  }
}

/** The definition with what its placeholders stand for: each function's own name, and the queue's address. */
function substituted({ definition }: KeptExecution, functions: readonly string[], queue: string): Json {
  const values = {
    ...Object.fromEntries(functions.map((name) => [name, name])),
    [placeholders.deadLetterQueueUrl]: pathToFileURL(queue).href,
  };
  return JSON.parse(substitute(JSON.stringify(definition), values)) as Json;
}

/** What EventBridge does on AWS: an execution that ended badly is reported to Reconcile. */
async function account(
  { status, error, cause }: ExecutionResult,
  { kept, redrive }: { readonly kept: KeptExecution; readonly redrive: number },
  ports: { store: FolderObjectStore; clock: SystemClock; queue: FolderDeadLetterQueue },
): Promise<void> {
  if (status === 'SUCCEEDED') return;
  const detail = {
    executionArn: kept.arn,
    name: kept.name,
    status,
    startDate: Date.parse(kept.started_at),
    stopDate: ports.clock.now(),
    input: JSON.stringify(kept.input),
    redriveCount: redrive,
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
  };
  await reconcile({ pipeline: kept.pipeline, detail }, ports);
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
