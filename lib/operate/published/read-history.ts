import { changesPrefix } from '../../contract/object-keys.ts';
import type { Change, Pointer } from '../../contract/published/pointer.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { type ChangesBlock, readPointer } from '../../runtime/publish/move-pointer.ts';
import { readJson } from '../../runtime/records/json-objects.ts';

/** The changes of what is published, the latest first. */
export interface PublishedHistory {
  /** Null if nothing was published. */
  readonly pointer: Pointer | null;
  readonly changes: readonly Change[];
  /** True if there are earlier ones. */
  readonly more: boolean;
}

/** Reads the latest changes: the pointer, and if it has not enough of them the list of blocks, and one object per 20 further ones. */
export async function readHistory(store: ObjectStore, pipeline: string, most: number): Promise<PublishedHistory> {
  const pointer = await readPointer(store, pipeline);
  if (!pointer) return { pointer, changes: [], more: false };
  const changes = pointer.changes.toReversed();
  const keys: string[] = [];
  if (changes.length < most && (changes.at(-1)?.change ?? 1) > 1)
    for await (const { key } of store.list(changesPrefix(pipeline))) keys.push(key);
  while (changes.length < most) {
    const key = keys.pop();
    const block = key === undefined ? null : await readJson<ChangesBlock>(store, key);
    if (!block) break;
    // A block may be of a change that did not happen in the end, and then the pointer still has its changes.
    const oldest = changes.at(-1)?.change ?? Number.POSITIVE_INFINITY;
    changes.push(...block.changes.toReversed().filter(({ change }) => change < oldest));
  }
  const shown = changes.slice(0, most);
  return { pointer, changes: shown, more: (shown.at(-1)?.change ?? 1) > 1 };
}
