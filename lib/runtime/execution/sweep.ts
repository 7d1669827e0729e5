import type { ReconcilePayload, ReconcileResult } from '../../contract/payloads.ts';
import type { EndedExecution, MachineHistory } from '../../ports/ports.ts';

/** Events of Step Functions are best effort. The sweep looks back this far for executions whose event never came. */
const lookBackMs = 48 * 3_600_000;

/** No run has succeeded for longer than the schedule allows. The function fails with it, so that its alarm tells people. */
class NoSuccessfulRun extends Error {
  override readonly name = 'NoSuccessfulRun';
}

export interface SweepOptions {
  readonly pipeline: string;
  /** Within this many hours a run must have succeeded; null for pipelines without a schedule. */
  readonly quietHours: number | null;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly history: MachineHistory;
  readonly reconcile: (payload: ReconcilePayload) => Promise<ReconcileResult>;
}

/**
 * Reconciles every execution of the last two days that ended badly, and throws NoSuccessfulRun where the last success lies too far back. A start that was
 * refused because another run was going is no success, although its execution succeeded. A machine that is newer than the allowed time is no fault.
 */
export async function sweep({ pipeline, quietHours, now, history, reconcile }: SweepOptions): Promise<string[]> {
  const quietMs = (quietHours ?? 0) * 3_600_000;
  const sent: string[] = [];
  let hasSucceeded = quietHours === null || now - (await history.createdAt()) <= quietMs;
  for await (const execution of history.executions()) {
    const { status, stopDate } = execution;
    const age = now - stopDate;
    const isRecent = age <= lookBackMs;
    if (!isRecent && (hasSucceeded || age > quietMs)) break;
    if (status === 'SUCCEEDED') hasSucceeded ||= age <= quietMs && !(await wasRefused(history, execution));
    else if (isRecent) {
      const { input, error, cause } = await history.describe(execution.executionArn);
      const detail = { ...execution, status, input, error, cause };
      sent.push(...(await reconcile({ pipeline, detail })).dead_letters);
    }
  }
  if (!hasSucceeded) {
    throw new NoSuccessfulRun(
      `no run of ${pipeline} has succeeded for ${quietHours} hours, though one is scheduled at least that often: it failed, still runs, was refused, or never began`,
    );
  }
  return sent;
}

/** Prepare answers a start that it refuses with the reason under `refused`, and the execution succeeds with that as its output. */
async function wasRefused(history: MachineHistory, { executionArn }: EndedExecution): Promise<boolean> {
  const { output } = await history.describe(executionArn);
  try {
    return typeof (JSON.parse(output ?? 'null') as { refused?: unknown } | null)?.refused === 'string';
  } catch {
    return false;
  }
}
