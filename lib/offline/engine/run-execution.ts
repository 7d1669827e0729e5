import { pathToFileURL } from 'node:url';
import { localRuntime } from '../../bundle/local-runtime.ts';
import type { Json } from '../../contract/json.ts';
import { readRun } from '../../operate/runs/read-run.ts';
import { RunRefusedError } from '../../operate/runs/run-refused-error.ts';
import type { RunReport } from '../../operate/runs/run-report.ts';
import { sourceCommit } from '../../package/source-commit.ts';
import { FolderDeadLetterQueue } from '../../ports/folder/folder-dead-letter-queue.ts';
import { FolderEvents } from '../../ports/folder/folder-events.ts';
import { FolderExecutions, recordExecution } from '../../ports/folder/folder-executions.ts';
import type { FolderObjectStore } from '../../ports/folder/folder-object-store.ts';
import { keepTouching } from '../../ports/folder/running-executions.ts';
import { forgetStop, stopReason } from '../../ports/folder/stop-requests.ts';
import { localEventsFolder } from '../../ports/open-events.ts';
import { SystemClock } from '../../ports/system-clock.ts';
import { reconcile } from '../../runtime/execution/reconcile.ts';
import { Redactor } from '../../runtime/secrets/redactor.ts';
import type { ExecutionResult, RunningExecution } from '../asl/api.ts';
import { FunctionPool } from '../functions/function-pool.ts';
import { functionEntries, localFunctions } from '../functions/local-functions.ts';
import { hostedMachine } from '../host/hosted-machine.ts';
import { endEvent, type HostedStart, startOnHost } from '../host/start-on-host.ts';
import { openJournal } from '../kept/journal-file.ts';
import { type KeptExecution, KeptExecutions } from '../kept/kept-executions.ts';
import { localFolders } from '../kept/local-folders.ts';
import { logFiles } from '../kept/log-files.ts';
import { pinCode } from '../kept/pin-code.ts';
import { pruneCode } from '../kept/prune-code.ts';
import { keepLineage } from './keep-lineage.ts';
import { leadIntoIncidents } from './lead-into-incidents.ts';
import type { LocalSetup } from './local-setup.ts';
import { pollProgress } from './poll-progress.ts';
import type { Progress, RunOptions } from './run-options.ts';
import { runBeside, subscriberFunctions } from './subscribers-beside.ts';
import { upcomingFunctions } from './upcoming-functions.ts';
import { watchDeadlines } from './watch-deadlines.ts';
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

type EngineOptions = Pick<RunOptions, 'pipeline' | 'root' | 'storeFolder' | 'onProgress' | 'signal' | 'inspect'>;

/** Runs an execution to its end, with its functions in child processes, and returns the store's report of the run. */
export async function runExecution(options: EngineOptions, begun: Begun): Promise<RunReport> {
  const { plan, machine } = options.pipeline;
  const { execution: kept, redrive, setup, store } = begun;
  const { arn, name, input } = kept;
  const clock = new SystemClock();
  const folders = localFolders(options.storeFolder, plan.name);
  const queue = new FolderDeadLetterQueue(folders.queue, clock);
  const reports = new FolderEvents(localEventsFolder(folders.storeUrl));
  const keeper = new KeptExecutions(folders.kept);
  // For those who measure or debug the runtime itself.
  const runtime = process.env.DAYBREAK_RUNTIME === 'sources' ? null : await localRuntime(functionEntries);
  const say = (line: string): void => options.onProgress({ type: 'setup', line });
  const subscribers = await subscriberFunctions({
    root: options.root,
    storeUrl: folders.storeUrl,
    codeFolder: folders.code,
    modules: runtime?.modules,
    environment: setup.environment,
    say,
  });
  const functions = localFunctions(machine, {
    root: options.root,
    runtime,
    fileOf: await pinCode(options.pipeline.code, folders.code),
    storeUrl: folders.storeUrl,
    scratch: folders.scratch,
    setup: setup.environment,
    planFile: await keeper.writePlan(kept),
    queueUrl: pathToFileURL(folders.queue).href,
    commit: plan.publish ? await sourceCommit(options.root) : null,
  });
  const onWait = (step: string, address: string): void =>
    say(
      `${step} waits for a debugger at ${address} (chrome://inspect, or attach an editor to port ${new URL(address).port})`,
    );
  let execution: RunningExecution | undefined;
  const redactor = new Redactor();
  redactor.addEnvironment({ ...process.env, ...setup.environment });
  const pool = new FunctionPool({
    functions: new Map([...functions, ...subscribers]),
    logOf: logFiles(folders, kept.run_id),
    redact: redactor.redact,
    ...(options.inspect !== undefined && { inspect: { steps: handlersOf(options), onWait } }),
    answerToken: (token, output) => execution?.succeedTask(token, JSON.parse(output) as Json) ?? false,
  });
  const beside = runBeside(kept, [...subscribers.keys()], { pool, folder: localEventsFolder(folders.storeUrl), say });
  const deadlines = watchDeadlines(kept, { plan, began: clock.now() }, { store, clock, events: reports });
  const { tell, running } = withRunning(options.onProgress);
  const upcoming = upcomingFunctions(plan.steps, machine);
  const polling = new AbortController();
  let stopTouching = (): void => undefined;
  let events = begun.earlierEvents;
  const journal = openJournal(keeper.journalOf(kept), () => ({ at: clock.now(), events }));
  const { earlierEvents } = begun;
  const startedAt = Date.parse(kept.started_at);
  const start = { arn, name, input, startedAt, redriveCount: redrive, earlierEvents, journal, signal: options.signal };
  try {
    await forgetStop(folders.executions, arn);
    await recordExecution(folders.executions, arn, { status: 'RUNNING', pid: process.pid });
    stopTouching = keepTouching(folders.executions, arn);
    await pruneCode(folders, arn).catch(() => undefined);
    tell({ type: 'started', run_id: kept.run_id, redrive, input, at: clock.now() });
    // A redrive replays what has ended: no one knows which functions it needs.
    if (redrive === 0) pool.expect(upcoming(null));
    const invoke = watchSteps((fn, event, call) => {
      if (redrive === 0) pool.expect(upcoming(event));
      return pool.invoke(fn, event, call.signal);
    }, tell);
    execution = startOnHost(hostedMachine(kept.definition), start, {
      clock,
      random: Math.random,
      invoke,
      onEvent: (event) => {
        events = event.id;
        tell({ type: 'history', event });
      },
    });
    void pollProgress({ store, clock, run: kept, running: () => running, tell }, polling.signal);
    const result = await withReason(await execution.result, folders.executions, arn);
    await keeper.end(kept, redrive, result);
    await account(kept.pipeline, start, result, { store, clock, queue, events: reports });
    await deadlines.finish();
    await leadIntoIncidents(kept, { store, clock, storeUrl: folders.storeUrl });
    const unkept = await keepLineage(kept, { store, pipeline: options.pipeline });
    if (unkept !== null) say(unkept);
    await beside.finish();
    // Last: if this process dies earlier, the next command finds it dead and accounts for the execution.
    await recordExecution(folders.executions, arn, { status: result.status, pid: process.pid });
    await forgetStop(folders.executions, arn);
    throwWhenRefused(result);
    const steps = plan.steps.map((step) => step.name);
    const executions = new FolderExecutions(folders.executions);
    const report = await readRun(store, { name: plan.name, steps }, kept.run_id, executions);
    if (!report) throw new Error(`the run ${kept.run_id} left no record in ${folders.store}`);
    return report;
  } finally {
    beside.stop();
    deadlines.stop();
    polling.abort();
    stopTouching();
    await pool.close();
    journal.close();
  }
}

/** The result with the reason of the person who stopped the execution, as StopExecution has it. */
async function withReason(result: ExecutionResult, executions: string, arn: string): Promise<ExecutionResult> {
  const cause = result.status === 'ABORTED' ? await stopReason(executions, arn) : null;
  return cause === null ? result : { ...result, cause };
}

/** Reports an execution that ended badly to Reconcile, as EventBridge does on AWS. */
async function account(
  pipeline: string,
  start: HostedStart,
  { status, ...end }: ExecutionResult,
  ports: Parameters<typeof reconcile>[1],
): Promise<void> {
  if (status === 'SUCCEEDED') return;
  await reconcile({ pipeline, detail: endEvent(start, { ...end, status }, ports.clock.now()) }, ports);
}

/** Prepare gives the reason why an execution must not continue, and the machine succeeds with that reason as its output. */
function throwWhenRefused({ output }: ExecutionResult): void {
  const refused = (output as { refused?: string } | undefined)?.refused;
  if (refused !== undefined) throw new RunRefusedError(refused);
}

/** Wraps a listener so that it also keeps the names of the running steps. */
function withRunning(onProgress: (progress: Progress) => void) {
  const running = new Set<string>();
  const tell = (progress: Progress): void => {
    if (progress.type === 'step-started') running.add(progress.step);
    if (progress.type === 'step-ended' || progress.type === 'step-retrying') running.delete(progress.step);
    onProgress(progress);
  };
  return { tell, running };
}

/** The steps that wait for a debugger: those with a handler that a person wrote, if they are asked for. */
const handlersOf = ({ pipeline, inspect = null }: EngineOptions): ReadonlySet<string> =>
  new Set(
    pipeline.plan.steps
      .filter(({ name, work }) => work.kind === 'handler' && (inspect === null || inspect.includes(name)))
      .map(({ name }) => name),
  );
