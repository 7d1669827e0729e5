import type { JsonObject } from '../../contract/json.ts';
import type { RunReport } from '../../operate/runs/run-report.ts';
import { executionName } from '../../operate/runs/start-run.ts';
import { FolderObjectStore } from '../../ports/folder/folder-object-store.ts';
import { runIdentity } from '../../runtime/execution/run-identity.ts';
import { localExecutionArn } from '../host/execution-arn.ts';
import { type KeptExecution, KeptExecutions } from '../kept/kept-executions.ts';
import { localFolders } from '../kept/local-folders.ts';
import { checkInput } from './check-input.ts';
import { type LocalSetup, startLocalSetup } from './local-setup.ts';
import { reconcileKilled } from './reconcile-killed.ts';
import { runExecution } from './run-execution.ts';
import type { RunOptions } from './run-options.ts';
import { withoutTimeOuts } from './without-time-outs.ts';

/**
 * Runs a compiled pipeline on this machine: the definition that is deployed, the handlers that are deployed, a folder as the store. Input that does not fit is an
 * InvalidInputError before anything starts. May be killed at any moment: what was committed stays.
 */
export async function runPipeline(given: RunOptions): Promise<RunReport> {
  const options = given.inspect === undefined ? given : { ...given, pipeline: withoutTimeOuts(given.pipeline) };
  if (options.input) checkInput(options.pipeline.plan, options.input);
  const { plan } = options.pipeline;
  await reconcileKilled(options.storeFolder);
  const store = new FolderObjectStore(localFolders(options.storeFolder, plan.name).store);
  const setup = await startLocalSetup(plan.localSetup, options.root, {
    store,
    data: options.data,
    log: (line) => options.onProgress({ type: 'setup', line }),
  });
  try {
    const fields = options.input ?? setup.input ?? {};
    const input = options.daybreak ? { ...fields, daybreak: options.daybreak } : fields;
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

/** Keeps what a redrive will need, then starts. */
async function runWithSetup(options: RunOptions, { input, setup, store }: Prepared): Promise<RunReport> {
  const { plan, machine } = options.pipeline;
  const now = Date.now();
  const name = executionName(now);
  const execution: KeptExecution = {
    pipeline: plan.name,
    run_id: runIdentity(plan.name, name, input).run_id,
    arn: localExecutionArn(plan.name, name),
    name,
    started_at: new Date(now).toISOString(),
    input,
    data: options.data,
    environment: options.environment ?? null,
    definition: machine.definition,
    steps: machine.steps,
  };
  const keeper = new KeptExecutions(localFolders(options.storeFolder, plan.name).kept);
  await keeper.keep(execution);
  await keeper.begin(execution, 0);
  return runExecution(options, { execution, redrive: 0, earlierEvents: 0, setup, store });
}
