/**
 * One run at a time. The holder of the lease works; every other start is skipped or waits. The lease is one object in the store, changed by compare-and-swap. A holder
 * that ends by itself gives it back. If the holder's execution has died, the next caller takes the lease over. Until then it stays the holder's, so that a redrive of an
 * aborted execution keeps others out from its first moment. Each taking has a greater fence: by it an execution that was thought dead sees that another took its place.
 */
import { digestOf } from '../../contract/fingerprint.ts';
import type { Json, JsonObject } from '../../contract/json.ts';
import { leaseKey } from '../../contract/object-keys.ts';
import type { Lease, LeaseHolder } from '../../contract/records/lease.ts';
import type { Ports as RuntimePorts } from '../../ports/from-environment.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { type ExecutionIdentity, sameMachine } from '../records/execution-number.ts';
import { isoTime } from '../records/json-objects.ts';
import { swapJson } from '../records/swap-json.ts';

/** Which lease: one per pipeline and value of the field that its `overlap.key` names. */
export interface LeaseRef {
  readonly pipeline: string;
  readonly key: string;
}

type Ports = Pick<RuntimePorts, 'store' | 'clock' | 'executions'>;
type Asking = ExecutionIdentity & { readonly run_id: string };

/**
 * For this long an execution that Step Functions does not know counts as running. DescribeExecution is eventually consistent and may not know an execution that
 * started a moment ago. It forgets an execution 90 days after its end: such a holder is far older than this.
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

type Taken = { readonly fence: number } | { readonly holder: LeaseHolder };

/**
 * Takes the lease if it is free or its holder has died; answers the fence, or the holder that has it. An execution that has the lease already keeps it, and a redrive
 * takes it over from the execution that it continues.
 */
export function takeLease(ports: Ports, ref: LeaseRef, asking: Asking): Promise<Taken> {
  return swapJson<Lease, Taken>(ports.store, leaseKey(ref.pipeline, ref.key), async (found) => {
    const holder = found?.holder ?? null;
    if (found && holder && isOf(holder, asking) && holder.redrive_count === asking.redrive_count)
      return { answer: { fence: found.fence } };
    if (holder && !givesWayTo(holder, asking) && (await mayRun(ports, holder, asking))) return { answer: { holder } };
    const { run_id, execution_arn, redrive_count, started_at } = asking;
    const taken_at = isoTime(ports.clock.now());
    const fence = (found?.fence ?? 0) + 1;
    const lease = { fence, holder: { run_id, execution_arn, redrive_count, started_at, taken_at } };
    return { write: lease, answer: { fence } };
  });
}

/** Gives back the lease that was taken with this fence; does nothing if another fence holds it by now. */
export function releaseLease(store: ObjectStore, ref: LeaseRef, fence: number): Promise<void> {
  return swapJson<Lease, void>(store, leaseKey(ref.pipeline, ref.key), (found) =>
    found?.holder && found.fence === fence
      ? { write: { ...found, holder: null }, answer: undefined }
      : { answer: undefined },
  );
}

const isOf = (holder: LeaseHolder, execution: ExecutionIdentity): boolean =>
  holder.execution_arn === execution.execution_arn &&
  Date.parse(holder.started_at) === Date.parse(execution.started_at);

/** A redrive begins when the execution before it is over; so does another execution of the same name, after 90 days. */
const givesWayTo = (holder: LeaseHolder, asking: Asking): boolean =>
  holder.execution_arn === asking.execution_arn &&
  (!isOf(holder, asking) || holder.redrive_count < asking.redrive_count);

async function mayRun({ executions, clock }: Ports, holder: LeaseHolder, asking: Asking): Promise<boolean> {
  // Prepare may ask only about its own machine's executions. Another machine of the pipeline dates from before a deployment.
  const status = sameMachine(holder, asking) ? await executions.status(holder.execution_arn) : null;
  return status === null ? clock.now() - Date.parse(holder.taken_at) < unknownExecutionGraceMs : status === 'RUNNING';
}
