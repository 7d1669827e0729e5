import { hostname } from 'node:os';
import type { RunRef } from '../../contract/object-keys.ts';
import type { StopResult, StopWait } from '../../operate/runs/stop-execution.ts';
import { StopRefusedError } from '../../operate/runs/stop-refused-error.ts';
import { executionProcess, FolderExecutions } from '../../ports/folder/folder-executions.ts';
import { hostOf, identifyProcess, interruptProcess } from '../../ports/folder/interrupt-process.ts';
import type { ProcessName } from '../../ports/folder/process-identity.ts';
import { forgetStop, requestStop } from '../../ports/folder/stop-requests.ts';
import { KeptExecutions } from '../kept/kept-executions.ts';
import { localFolders } from '../kept/local-folders.ts';
import { reconcileKilled } from './reconcile-killed.ts';

/**
 * Interrupts the process of this machine that works on a run, as Ctrl+C in its terminal does, and waits until it has recorded the end. A StopRefusedError says why the process
 * cannot be reached. Only the first of several commands sends the signal: a second one would kill the process.
 */
export async function interruptRun(
  run: RunRef,
  reason: string | null,
  storeFolder: string,
  wait: StopWait,
): Promise<StopResult> {
  const folder = localFolders(storeFolder, run.pipeline).executions;
  const deadline = wait.clock.now() + wait.mostMs;
  let result: StopResult = 'idle';
  for (;;) {
    const arn = await runningArn(run, storeFolder);
    if (arn === null) {
      // The process may have died of the signal, before it listened.
      if (result !== 'idle') await reconcileKilled(storeFolder);
      return result === 'idle' ? 'idle' : 'stopped';
    }
    const name = arn === 'starting' || result !== 'idle' ? null : await executionProcess(folder, arn);
    if (name) {
      await interrupt(
        run,
        name,
        () => requestStop(folder, arn, reason),
        () => forgetStop(folder, arn),
      );
      result = 'running';
    }
    if (wait.signal.aborted || wait.clock.now() >= deadline) {
      if (result === 'idle')
        throw new StopRefusedError(`run ${run.run_id} was not stopped: it is still starting; give the command again`);
      return 'running';
    }
    await wait.clock.sleep(wait.everyMs, wait.signal).catch(() => undefined);
  }
}

/** ARN of the run's execution that runs; `starting` if a process has begun one and does not listen yet, null if there is none. */
async function runningArn(run: RunRef, storeFolder: string): Promise<string | 'starting' | null> {
  const folders = localFolders(storeFolder, run.pipeline);
  const executions = new FolderExecutions(folders.executions);
  const keeper = new KeptExecutions(folders.kept);
  for (const kept of (await keeper.ofRun(run)).toReversed()) {
    if ((await executions.status(kept.arn)) === 'RUNNING') return kept.arn;
    if ((await keeper.stateOf(kept)).status === 'RUNNING') return 'starting';
  }
  return null;
}

/** Leaves the request and sends the signal, once. */
async function interrupt(
  run: RunRef,
  name: ProcessName,
  request: () => Promise<boolean>,
  withdraw: () => Promise<void>,
): Promise<void> {
  const found = await identifyProcess(name);
  if (found === 'elsewhere' || found === 'unidentified') throw refusal(run, name, found);
  if (found === 'gone' || !(await request())) return;
  const failed = await interruptProcess(name);
  if (failed === null) return;
  await withdraw();
  throw refusal(run, name, failed);
}

function refusal({ run_id }: RunRef, name: ProcessName, why: 'elsewhere' | 'unidentified' | 'forbidden') {
  const host = hostOf(name) ?? 'an unknown host';
  const elsewhere =
    host === hostname()
      ? `in another container of host ${host}: give the command there`
      : `on host ${host}, and this is host ${hostname()}: give the command there`;
  const reasons = {
    elsewhere,
    unidentified:
      'here, but this system does not tell when a process started, so it may be another one: press Ctrl+C in its terminal',
    forbidden: 'here under another user: give the command as that user',
  };
  return new StopRefusedError(`run ${run_id} was not stopped: process ${name.pid} works on it ${reasons[why]}`);
}
