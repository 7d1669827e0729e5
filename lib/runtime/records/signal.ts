/** The producer's half of a wait; the other half is wait.ts. */
import { type ExecutionRef, waitKey } from '../../contract/object-keys.ts';
import type { WaitRecord } from '../../contract/records/wait.ts';
import type { Ports as RuntimePorts } from '../../ports/from-environment.ts';
import { readJson } from './json-objects.ts';
import { haveSettled } from './settle.ts';

/** What a wait state gets for its token; the machine throws it away. */
export const wakeUp = '{}';

/**
 * Wakes each step that waited only for this one. Call it after this step's outcome is settled, and again in every retry: a waiter that did not see the outcome
 * wrote its token before the outcome, so it is here to be found.
 */
export async function signal(
  ports: Pick<RuntimePorts, 'store' | 'tokens'>,
  ref: ExecutionRef,
  wakes: Readonly<Record<string, readonly string[]>> = {},
): Promise<void> {
  await Promise.all(Object.entries(wakes).map(([waiter, awaits]) => wake(ports, ref, { waiter, awaits })));
}

async function wake(
  { store, tokens }: Pick<RuntimePorts, 'store' | 'tokens'>,
  ref: ExecutionRef,
  { waiter, awaits }: { readonly waiter: string; readonly awaits: readonly string[] },
): Promise<void> {
  if (!(await haveSettled(store, ref, awaits))) return;
  const record = await readJson<WaitRecord>(store, waitKey(ref, waiter));
  if (record) await tokens.succeed(record.token, wakeUp);
}
