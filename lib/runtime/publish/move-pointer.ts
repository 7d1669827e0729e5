import { PermanentError } from '../../contract/errors.ts';
import { changesKey, pointerKey } from '../../contract/object-keys.ts';
import { type Change, emptyPointer, type Pointer } from '../../contract/published/pointer.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { createJson, readJson } from '../records/json-objects.ts';
import { swapJson, type Verdict } from '../records/swap-json.ts';

/** Changes that leave the pointer together. It holds as many, and less than twice as many. */
const changesInBlock = 20;

/** Changes that left the pointer; of one store all writers make the same blocks. */
export interface ChangesBlock {
  readonly changes: readonly Change[];
}

/** The pointer of a pipeline; null if it never published. */
export async function readPointer(store: ObjectStore, pipeline: string): Promise<Pointer | null> {
  const found = await readJson<Pointer>(store, pointerKey(pipeline));
  return found && known(store, found);
}

/**
 * Changes the pointer, and gives the answer of the verdict that counted. `decide` is called again whenever another writer was faster; objects that it writes must mean nothing until the
 * pointer names them. No change is lost: the oldest ones are in a block before they leave the pointer.
 */
export function movePointer<R>(
  store: ObjectStore,
  pipeline: string,
  decide: (now: Pointer) => Promise<Verdict<Pointer, R>>,
): Promise<R> {
  return swapJson<Pointer, R>(store, pointerKey(pipeline), async (found) => {
    const verdict = await decide(found ? known(store, found) : emptyPointer(pipeline));
    if (verdict.write === undefined) return verdict;
    return { ...verdict, write: await withoutOldChanges(store, verdict.write) };
  });
}

async function withoutOldChanges(store: ObjectStore, pointer: Pointer): Promise<Pointer> {
  const { changes, pipeline } = pointer;
  if (changes.length < 2 * changesInBlock) return pointer;
  const block: ChangesBlock = { changes: changes.slice(0, changesInBlock) };
  await createJson(store, changesKey(pipeline, block.changes.at(-1)?.change ?? 0), block);
  return { ...pointer, changes: changes.slice(changesInBlock) };
}

function known(store: ObjectStore, pointer: Pointer): Pointer {
  if (pointer.format === 1) return pointer;
  const key = `${store.url}/${pointerKey(pointer.pipeline)}`;
  throw new PermanentError(
    `${key} has format ${pointer.format}; this version of Daybreak knows format 1: use a newer one`,
  );
}
