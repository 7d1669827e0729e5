/** Execution numbers count the executions of a run from 1; each belongs to one execution ARN and redrive count. */
import { executionEndKey, executionKey, type RunRef } from '../../contract/object-keys.ts';
import type { ExecutionEnd, ExecutionRecord } from '../../contract/records/execution.ts';
import type { Ports as RuntimePorts } from '../../ports/from-environment.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { listExecution, listedAfter } from './index-entries.ts';
import { readIntact, readJson, toText } from './json-objects.ts';

/** The identity of an execution. The start is part of it because a name, and so an ARN, may be used again after 90 days. */
export type ExecutionIdentity = Pick<ExecutionRecord, 'execution_arn' | 'redrive_count' | 'started_at'>;

/** The executions of a run in their order. Numbers have no gaps, because each is created after all before it were seen. */
export async function readExecutions(store: ObjectStore, run: RunRef): Promise<ExecutionRecord[]> {
  const records: ExecutionRecord[] = [];
  for (;;) {
    const record = await readJson<ExecutionRecord>(store, executionKey({ ...run, execution: records.length + 1 }));
    if (!record) return records;
    records.push(record);
  }
}

/**
 * Claims the next number by a conditional create; null when another start was faster, and everything must be looked at again. The index gets the execution first, so that no
 * record is ever missing in it; an entry without a record is no execution.
 */
export async function claimNumber(
  store: ObjectStore,
  run: RunRef,
  history: readonly ExecutionRecord[],
  claim: Omit<ExecutionRecord, 'execution' | 'listed_at'>,
): Promise<ExecutionRecord | null> {
  const record = { ...claim, execution: history.length + 1, ...listedAfter(history, claim) };
  await listExecution(store, run, record, null);
  const { written } = await store.put(executionKey({ ...run, execution: record.execution }), toText(record), {
    ifNoneMatch: '*',
    contentType: 'application/json',
  });
  return written ? record : null;
}

/** True if two starts or redrives are of the same execution. */
export function sameExecution(a: ExecutionIdentity, b: ExecutionIdentity): boolean {
  return a.execution_arn === b.execution_arn && Date.parse(a.started_at) === Date.parse(b.started_at);
}

/** True if two executions are of the same state machine; their ARNs end with `:<machine>:<name>`. */
export function sameMachine(a: Pick<ExecutionIdentity, 'execution_arn'>, b: Pick<ExecutionIdentity, 'execution_arn'>) {
  return machineOf(a.execution_arn) === machineOf(b.execution_arn);
}

const machineOf = (arn: string): string => arn.slice(0, arn.lastIndexOf(':'));

/** An execution other than `mine` that still works on the run; two at once would compete for it. */
export async function findOwner(
  { store, executions }: Pick<RuntimePorts, 'store' | 'executions'>,
  run: RunRef,
  { history, mine }: { readonly history: readonly ExecutionRecord[]; readonly mine: ExecutionIdentity },
): Promise<ExecutionRecord | null> {
  for (const record of history) {
    if (record.execution_arn === mine.execution_arn || !sameMachine(record, mine)) continue;
    if (await readIntact<ExecutionEnd>(store, executionEndKey({ ...run, execution: record.execution }))) continue;
    if ((await executions.status(record.execution_arn)) === 'RUNNING') return record;
  }
  return null;
}
