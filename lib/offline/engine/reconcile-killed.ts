import { join } from 'node:path';
import { executionEndKey } from '../../contract/object-keys.ts';
import type { ExecutionEnd } from '../../contract/records/execution.ts';
import { FolderDeadLetterQueue } from '../../ports/folder/folder-dead-letter-queue.ts';
import { FolderEvents } from '../../ports/folder/folder-events.ts';
import { type FolderExecutions, killedExecutions, recordExecution } from '../../ports/folder/folder-executions.ts';
import { FolderLock } from '../../ports/folder/folder-lock.ts';
import { FolderObjectStore } from '../../ports/folder/folder-object-store.ts';
import { forgetStop, stopReason } from '../../ports/folder/stop-requests.ts';
import { localEventsFolder } from '../../ports/open-events.ts';
import { SystemClock } from '../../ports/system-clock.ts';
import { reconcile } from '../../runtime/execution/reconcile.ts';
import { readExecutions } from '../../runtime/records/execution-number.ts';
import { readJson } from '../../runtime/records/json-objects.ts';
import { pipelineOfArn } from '../host/execution-arn.ts';
import { endEvent } from '../host/start-on-host.ts';
import { type KeptExecution, KeptExecutions } from '../kept/kept-executions.ts';
import { localFolders } from '../kept/local-folders.ts';
import { leadIntoIncidents } from './lead-into-incidents.ts';

const cause =
  'The process that ran the execution died: it was killed, or the machine stopped. Steps that had succeeded stay.';

/**
 * Does the work of EventBridge for executions of this machine whose process was killed: each gets its end and its dead letters exactly once, even if several commands look at
 * the same time. Creates no file if no process was killed.
 */
export async function reconcileKilled(storeFolder: string): Promise<void> {
  const folder = localFolders(storeFolder, '').executions;
  if ((await killedExecutions(folder)).length === 0) return;
  const lock = new FolderLock(join(folder, 'reconcile.lock'));
  await lock.holdDuring(async () => {
    // A previous holder of the lock may have reconciled some of them, so the list is read under the lock.
    for (const arn of await killedExecutions(folder)) await reconcileOne(storeFolder, arn);
  });
}

async function reconcileOne(storeFolder: string, arn: string): Promise<void> {
  const folders = localFolders(storeFolder, pipelineOfArn(arn));
  const keeper = new KeptExecutions(folders.kept);
  const kept = await keeper.withArn(pipelineOfArn(arn), arn);
  // Killed before it began: nothing was done, and nothing is lost.
  const status = kept ? await account(kept, keeper, folders) : 'ABORTED';
  const store = new FolderObjectStore(folders.store);
  if (kept) await leadIntoIncidents(kept, { store, clock: new SystemClock(), storeUrl: folders.storeUrl });
  await recordExecution(folders.executions, arn, { status, pid: process.pid });
  await forgetStop(folders.executions, arn);
}

type Status = Exclude<Awaited<ReturnType<FolderExecutions['status']>>, 'RUNNING' | null>;

async function account(
  kept: KeptExecution,
  keeper: KeptExecutions,
  folders: ReturnType<typeof localFolders>,
): Promise<Status> {
  const store = new FolderObjectStore(folders.store);
  const state = await keeper.stateOf(kept);
  // It had ended before: only its last record is missing.
  if (state.status === 'SUCCEEDED' || (await hasSucceeded(store, kept, state.redrives))) return 'SUCCEEDED';
  const status = state.status === 'RUNNING' ? 'ABORTED' : state.status;
  const { arn, name, input } = kept;
  const start = { arn, name, input, startedAt: Date.parse(kept.started_at), redriveCount: state.redrives };
  const asked = await stopReason(folders.executions, arn);
  const end =
    status === 'ABORTED'
      ? { status, error: 'Aborted', cause: asked ?? cause }
      : { status, error: undefined, cause: undefined };
  const detail = endEvent(start, end, state.endedAt);
  const clock = new SystemClock();
  const queue = new FolderDeadLetterQueue(folders.queue, clock);
  const events = new FolderEvents(localEventsFolder(folders.storeUrl));
  await reconcile({ pipeline: kept.pipeline, detail }, { store, clock, queue, events });
  return status;
}

/** True if Finalize had judged that the run succeeded. */
async function hasSucceeded(store: FolderObjectStore, kept: KeptExecution, redrives: number): Promise<boolean> {
  const history = await readExecutions(store, kept);
  const own = history.find(
    ({ execution_arn, redrive_count }) => execution_arn === kept.arn && redrive_count === redrives,
  );
  if (!own) return false;
  const key = executionEndKey({ ...kept, execution: own.execution });
  return (await readJson<ExecutionEnd>(store, key))?.status === 'SUCCEEDED';
}
