import { LeaseLostError } from '../../contract/errors.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { RunContext } from '../../contract/payloads.ts';
import type { LeaseHolder } from '../../contract/records/lease.ts';
import type { PreparePayload } from '../../contract/resolve-event.ts';
import type { Ports as RuntimePorts } from '../../ports/from-environment.ts';
import type { ExecutionIdentity } from '../records/execution-number.ts';
import { leaseName, takeLease, valueAt } from './lease.ts';

/** The turn of an execution, with its lease if runs must not overlap; or a reason to wait or not to start. */
export type Turn =
  | { readonly lease: RunContext['lease'] | null }
  | { readonly refused: string }
  | { readonly queued: string };

/**
 * Takes the lease of this input for an execution that is about to start, as its pipeline's `overlap` says. A redrive that comes too late fails instead of being refused:
 * a refused execution ends well, and could not be redriven once more.
 */
export async function takeTurn(
  { pipeline }: PreparePayload,
  asking: ExecutionIdentity & { readonly run_id: string },
  input: JsonObject,
  ports: Pick<RuntimePorts, 'store' | 'clock' | 'executions'>,
): Promise<Turn> {
  const { overlap } = pipeline;
  if (!overlap) return { lease: null };
  const key = leaseName(overlap.key, input);
  const taken = await takeLease(ports, { pipeline: pipeline.name, key }, asking);
  if ('fence' in taken) return { lease: { key, fence: taken.fence } };
  const reason = describe(taken.holder, overlap.key, input);
  if (overlap.policy === 'queue') return { queued: reason };
  if (asking.redrive_count === 0) return { refused: reason };
  throw new LeaseLostError(`${reason}. Run ${asking.run_id} can be redriven or resumed when that has ended`);
}

function describe(holder: LeaseHolder, path: string | undefined, input: JsonObject): string {
  const one =
    path === undefined ? 'one run at a time' : `one run at a time for each ${path}, here ${shown(path, input)}`;
  return `run ${holder.run_id} is active since ${holder.taken_at} (${holder.execution_arn}); ${one}`;
}

const shown = (path: string, input: JsonObject): string => JSON.stringify(valueAt(path, input)).slice(0, 100);
