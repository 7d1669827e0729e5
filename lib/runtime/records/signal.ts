/** The producer's half of a wait; the other half is wait.ts. */
import { type ExecutionRef, waitKey } from '../../contract/object-keys.ts';
import type { WaitRecord } from '../../contract/records/wait.ts';
import type { Ports as RuntimePorts } from '../../ports/from-environment.ts';
import { readIntact } from './json-objects.ts';
import { haveSettled } from './settle.ts';

/** The output of a wait state; the machine throws it away. */
export const wakeUp = '{}';

/**
 * Wakes each step that waited only for this one. Call it after this step's outcome is settled, and again in every retry: a waiter that did not see the outcome
 * wrote its token before the outcome, so it is here to be found. A waiter without a token will look for itself.
 */
export async function signal(
  ports: Pick<RuntimePorts, 'store' | 'tokens'>,
  ref: ExecutionRef,
  { name, wakes = {} }: { readonly name: string; readonly wakes?: Readonly<Record<string, readonly string[]>> },
): Promise<void> {
  await Promise.all(
    Object.entries(wakes).map(([waiter, awaits]) =>
      wake(ports, ref, { waiter, others: awaits.filter((one) => one !== name) }),
    ),
  );
}

async function wake(
  { store, tokens }: Pick<RuntimePorts, 'store' | 'tokens'>,
  ref: ExecutionRef,
  { waiter, others }: { readonly waiter: string; readonly others: readonly string[] },
): Promise<void> {
  // A damaged token wakes no one: its waiter looks again at its backstop.
  const record = await readIntact<WaitRecord>(store, waitKey(ref, waiter));
  if (record && (await haveSettled(store, ref, others))) await tokens.succeed(record.token, wakeUp);
}
