import { executionEndKey, executionKey, leaseKey, leasesPrefix } from '../../contract/object-keys.ts';
import type { ExecutionRecord } from '../../contract/records/execution.ts';
import type { Lease } from '../../contract/records/lease.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { tryParse } from '../../runtime/records/json-objects.ts';
import { executionNumbers } from './examine-run.ts';
import type { Finding } from './finding.ts';
import { recordAt, type Snapshot } from './snapshot.ts';

/** The last execution that took a lease, according to the records. */
export interface LastTurn {
  readonly fence: number;
  readonly holder: Lease['holder'];
}

/** A fence must never repeat. This leaves room for turns whose records have expired. */
const room = 1_000;

/** Notes the turns that a run's executions took, by lease. */
export function noteTurns(turns: Map<string, LastTurn>, snapshot: Snapshot): void {
  for (const execution of executionNumbers(snapshot)) {
    const ref = { ...snapshot.run, execution };
    const record = recordAt<ExecutionRecord>(snapshot, executionKey(ref));
    if (!record?.lease || (turns.get(record.lease.key)?.fence ?? 0) >= record.lease.fence) continue;
    const { execution_arn, redrive_count, started_at } = record;
    const ended = snapshot.objects.has(executionEndKey(ref));
    const holder = { run_id: snapshot.run.run_id, execution_arn, redrive_count, started_at, taken_at: started_at };
    turns.set(record.lease.key, { fence: record.lease.fence, holder: ended ? null : holder });
  }
}

/** Finds damaged leases of a pipeline. Daybreak never gives a lease a lower fence than that of an execution. */
export async function examineLeases(
  store: ObjectStore,
  pipeline: string,
  turns: ReadonlyMap<string, LastTurn>,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for await (const { key } of store.list(leasesPrefix(pipeline))) {
    const found = await store.get(key);
    if (!found) continue;
    seen.add(key);
    const read = tryParse(key, found.body);
    const last = turns.get(nameOf(key))?.fence ?? 0;
    if ('fault' in read) findings.push({ key, kind: 'lease', fault: read.fault });
    else if ((read.document as Lease).fence < last)
      findings.push({ key, kind: 'lease', fault: `its fence is lower than ${last}, which an execution has` });
  }
  for (const name of turns.keys()) {
    const key = leaseKey(pipeline, name);
    if (!seen.has(key)) findings.push({ key, kind: 'lease', fault: 'it is missing' });
  }
  return findings;
}

/** The lease that continues after the last turn that is known. */
export function rebuildLease(key: string, turns: ReadonlyMap<string, LastTurn>): Lease {
  const last = turns.get(nameOf(key));
  if (last?.holder) return { fence: last.fence, holder: last.holder };
  return { fence: (last?.fence ?? 0) + room, holder: null };
}

const nameOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1).replace(/\.json$/, '');
