import { leaseKey } from '../../contract/object-keys.ts';
import type { RunContext } from '../../contract/payloads.ts';
import type { Lease } from '../../contract/records/lease.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readJson } from './json-objects.ts';

/** True if an execution may work: no other run took its lease over, and it was not given back. Always true if runs overlap. */
export async function holdsLease(
  store: ObjectStore,
  { pipeline, lease }: Pick<RunContext, 'pipeline' | 'lease'>,
): Promise<boolean> {
  if (!lease) return true;
  const found = await readJson<Lease>(store, leaseKey(pipeline, lease.key));
  return found?.holder != null && found.fence === lease.fence;
}
