import type { RunRef } from '../../contract/object-keys.ts';
import type { RunReport } from '../../operate/runs/run-report.ts';
import { FolderObjectStore } from '../../ports/folder/folder-object-store.ts';
import { readExecutions } from '../../runtime/records/execution-number.ts';
import { whyNotRedrivable } from '../asl/redrive-rules.ts';
import { changedDefinition } from '../kept/changed-definition.ts';
import { type KeptExecution, KeptExecutions, type KeptState } from '../kept/kept-executions.ts';
import { localFolders } from '../kept/local-folders.ts';
import { startLocalSetup } from './local-setup.ts';
import { NotRedrivableError } from './not-redrivable-error.ts';
import { reconcileKilled } from './reconcile-killed.ts';
import { runExecution } from './run-execution.ts';
import type { RunOptions } from './run-options.ts';

/** The options of a redrive. Its input and source data are those of the start. */
export type RedriveOptions = Omit<RunOptions, 'input' | 'data'> & { readonly runId: string };

/**
 * Redrives the last execution of a run as Step Functions does: states that were left stay so, every other one is entered again, under the same definition and input. A
 * NotRedrivableError says why that is not possible. May be killed at any moment and redriven again.
 */
export async function redriveExecution(options: RedriveOptions): Promise<RunReport> {
  const { plan, machine } = options.pipeline;
  await reconcileKilled(options.storeFolder);
  const folders = localFolders(options.storeFolder, plan.name);
  const keeper = new KeptExecutions(folders.kept);
  const store = new FolderObjectStore(folders.store);
  const ref = { pipeline: plan.name, run_id: options.runId };
  const execution = await lastExecution(ref, { keeper, store });
  const state = await keeper.stateOf(execution);
  check(execution, state);
  const changed = changedDefinition(execution, machine);
  if (changed) throw definitionChanged(execution, changed);
  const setup = await startLocalSetup(plan.localSetup, options.root, {
    store,
    data: execution.data,
    log: (line) => options.onProgress({ type: 'setup', line }),
  });
  try {
    const redrive = state.redrives + 1;
    if (!(await keeper.begin(execution, redrive))) throw refusal(execution, 'is being redriven by another process');
    return await runExecution(options, { execution, redrive, earlierEvents: state.events, setup, store });
  } finally {
    await setup.stop();
  }
}

/** The execution that has the run's highest number, or, where none came far enough to get one, the one that started last. */
async function lastExecution(
  ref: RunRef,
  { keeper, store }: { readonly keeper: KeptExecutions; readonly store: FolderObjectStore },
): Promise<KeptExecution> {
  const kept = await keeper.ofRun(ref);
  const arn = (await readExecutions(store, ref)).at(-1)?.execution_arn;
  const found = arn === undefined ? kept.at(-1) : kept.find((execution) => execution.arn === arn);
  if (found) return found;
  const what = arn === undefined ? 'it has no execution' : `of its execution ${arn} nothing was kept here`;
  throw new NotRedrivableError(`run ${ref.run_id} cannot be redriven: ${what}; ${wayOut(ref)}`);
}

function check(execution: KeptExecution, state: KeptState): void {
  const reason = whyNotRedrivable(state, Date.now());
  if (reason === null) return;
  const over = state.status === 'RUNNING' || state.status === 'SUCCEEDED';
  throw refusal(execution, over ? reason : `${reason}; ${wayOut(execution)}`);
}

const refusal = ({ run_id, name }: KeptExecution, reason: string): NotRedrivableError =>
  new NotRedrivableError(`run ${run_id} cannot be redriven: its execution ${name} ${reason}`);

const definitionChanged = ({ run_id, ...ref }: KeptExecution, changed: string): NotRedrivableError =>
  new NotRedrivableError(
    `run ${run_id} cannot be redriven: its definition is not the one that it was started with: ${changed}. A redrive repeats what was started; ${wayOut({ ...ref, run_id })}`,
  );

const wayOut = ({ pipeline, run_id }: RunRef): string =>
  `to continue the run with the current code: npx daybreak resume ${pipeline} ${run_id}`;
