/**
 * One run at a time: whoever holds the lease works, everybody else is skipped or waits. The lease is one object in the store, changed by compare-and-swap. Its holder
 * gives it back when it ends by itself; one whose execution does not run any more loses it to the next who asks. Until then it stays the holder's, so that a redrive of
 * an aborted execution keeps others out from its first moment. Each taking has a greater fence, by which an execution that goes on after all can tell that another has taken its place.
 */
import { digestOf } from '../../contract/fingerprint.ts';
import type { Json, JsonObject } from '../../contract/json.ts';
import { leaseKey } from '../../contract/object-keys.ts';
import type { Lease, LeaseHolder } from '../../contract/records.ts';
import type { Ports as RuntimePorts } from '../../ports/from-environment.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { type ExecutionIdentity, sameMachine } from '../records/execution-number.ts';
import { isoTime } from '../records/json-objects.ts';

/** Which lease: one per pipeline and value of the field that its `overlap.key` names. */
export interface LeaseRef {
  readonly pipeline: string;
  readonly key: string;
}

type Ports = Pick<RuntimePorts, 'store' | 'clock' | 'executions'>;
type Asking = ExecutionIdentity & { readonly run_id: string };

/**
 * How long an execution that Step Functions does not know counts as running. DescribeExecution is eventually consistent, so that it may not know yet what was started
 * a moment ago. It forgets an execution 90 days after its end: such a holder is far older than this.
 */
export const unknownExecutionGraceMs = 5 * 60_000;

/** Name of the lease of runs with this input: the digest of the value at `path`, where a missing field counts as null; `_all` without a path. */
export function leaseName(path: string | undefined, input: JsonObject): string {
  return path === undefined ? '_all' : digestOf({ path, value: valueAt(path, input) }).slice(0, 40);
}

/** The value of an input field; null when there is none. */
export function valueAt(path: string, input: JsonObject): Json {
  const step = (at: Json, field: string): Json =>
    typeof at === 'object' && at !== null && !Array.isArray(at) && Object.hasOwn(at, field)
      ? (at[field] ?? null)
      : null;
  return path.split('.').reduce<Json>(step, input);
}

/**
 * Takes the lease, if it is free or its holder has died; answers the fence, or who holds it. An execution that has it already keeps it, and a redrive takes it
 * over from the execution that it continues.
 */
export async function takeLease(
  ports: Ports,
  ref: LeaseRef,
  asking: Asking,
): Promise<{ readonly fence: number } | { readonly holder: LeaseHolder }> {
  const key = leaseKey(ref.pipeline, ref.key);
  for (;;) {
    const found = await readLease(ports.store, key);
    const holder = found?.lease.holder ?? null;
    if (found && holder && isOf(holder, asking) && holder.redrive_count === asking.redrive_count)
      return { fence: found.lease.fence };
    if (holder && !givesWayTo(holder, asking) && (await mayRun(ports, holder, asking))) return { holder };
    const { run_id, execution_arn, redrive_count, started_at } = asking;
    const taken_at = isoTime(ports.clock.now());
    const lease: Lease = {
      fence: (found?.lease.fence ?? 0) + 1,
      holder: { run_id, execution_arn, redrive_count, started_at, taken_at },
    };
    if (await replace(ports.store, key, { found, lease })) return { fence: lease.fence };
  }
}

/** Whether nobody has taken the lease since it was taken with this fence, and it was not given back. */
export async function holdsLease(store: ObjectStore, ref: LeaseRef, fence: number): Promise<boolean> {
  const found = await readLease(store, leaseKey(ref.pipeline, ref.key));
  return found?.lease.holder != null && found.lease.fence === fence;
}

/** Gives the lease back that was taken with this fence; does nothing when it is not held with it any more. */
export async function releaseLease(store: ObjectStore, ref: LeaseRef, fence: number): Promise<void> {
  const key = leaseKey(ref.pipeline, ref.key);
  for (;;) {
    const found = await readLease(store, key);
    if (!found || found.lease.holder === null || found.lease.fence !== fence) return;
    if (await replace(store, key, { found, lease: { ...found.lease, holder: null } })) return;
  }
}

interface Found {
  readonly lease: Lease;
  readonly etag: string;
}

async function readLease(store: ObjectStore, key: string): Promise<Found | null> {
  const found = await store.get(key);
  return found && { lease: JSON.parse(Buffer.from(found.body).toString('utf8')) as Lease, etag: found.etag };
}

/** False when the lease is not any more what was found. */
async function replace(
  store: ObjectStore,
  key: string,
  { found, lease }: { readonly found: Found | null; readonly lease: Lease },
): Promise<boolean> {
  const condition = found ? { ifMatch: found.etag } : { ifNoneMatch: '*' as const };
  const body = `${JSON.stringify(lease, null, 2)}\n`;
  return (await store.put(key, body, { ...condition, contentType: 'application/json' })).written;
}

const isOf = (holder: LeaseHolder, execution: ExecutionIdentity): boolean =>
  holder.execution_arn === execution.execution_arn &&
  Date.parse(holder.started_at) === Date.parse(execution.started_at);

/** A redrive begins when the execution before it is over; so does another execution of the same name, after 90 days. */
const givesWayTo = (holder: LeaseHolder, asking: Asking): boolean =>
  holder.execution_arn === asking.execution_arn &&
  (!isOf(holder, asking) || holder.redrive_count < asking.redrive_count);

async function mayRun({ executions, clock }: Ports, holder: LeaseHolder, asking: Asking): Promise<boolean> {
  // One may only ask for executions of one's own machine; another machine of the pipeline was there before it was deployed anew.
  const status = sameMachine(holder, asking) ? await executions.status(holder.execution_arn) : null;
  return status === null ? clock.now() - Date.parse(holder.taken_at) < unknownExecutionGraceMs : status === 'RUNNING';
}
