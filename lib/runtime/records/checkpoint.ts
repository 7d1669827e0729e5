/** Checkpoints of long steps: one per step and run, replaced only by invocations that the machine started later. */
import { PlatformError } from '../../contract/errors.ts';
import { checkpointKey, type RunRef } from '../../contract/object-keys.ts';
import type { Checkpoint, InvocationRank } from '../../contract/records/checkpoint.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readIntact } from './json-objects.ts';
import { swapJson } from './swap-json.ts';

/** The current checkpoint, of any writer and any fingerprint; null when there is none, or a damaged one: then the step begins again. */
export function readCheckpoint(store: ObjectStore, run: RunRef, step: string): Promise<Checkpoint | null> {
  return readIntact<Checkpoint>(store, checkpointKey(run, step));
}

/** Below zero when `a` is the lower rank. */
export function compareRanks(a: InvocationRank, b: InvocationRank): number {
  const at = a.findIndex((part, index) => part !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/**
 * Stores a checkpoint and returns the one that counts. Only a lower rank is replaced, so an invocation that outlived its attempt can never move the work back. Of two invocations of
 * one rank the first wins, and so does an own write whose answer was lost: both get what stands there.
 */
export async function writeCheckpoint(
  store: ObjectStore,
  run: RunRef,
  step: string,
  checkpoint: Checkpoint,
): Promise<Checkpoint> {
  return swapJson<Checkpoint, Checkpoint>(store, checkpointKey(run, step), (there) => {
    const order = there ? compareRanks(there.rank, checkpoint.rank) : -1;
    if (there && order === 0) return { answer: there };
    if (order > 0) throw supersededBy(there);
    return { write: checkpoint, answer: checkpoint };
  });
}

/** The machine does not wait for an invocation that gets this. If it does wait, its retry has a higher rank. */
export function supersededBy(checkpoint: Checkpoint | null): PlatformError {
  return new PlatformError(
    `the invocation is out of date: ${checkpoint?.invocation} has left a later checkpoint (${checkpoint?.rank.join('.')})`,
  );
}
