import { versionsPrefix } from '../../contract/object-keys.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readPointer } from '../../runtime/publish/move-pointer.ts';
import { isReadable } from '../../runtime/publish/pointer-changes.ts';

/**
 * Removes records of versions that no reader can be at: those that retired more than a day ago, and those of publishes that died. A number above the greatest one may belong to a publish at
 * work, so its record stays; numbers are never given twice, so no later publish needs one below it. Answers the number of records.
 */
export async function removeDeadRecords(store: ObjectStore, pipeline: string, now: number): Promise<number> {
  const pointer = await readPointer(store, pipeline);
  if (!pointer) return 0;
  const kept = pointer.partitions.flatMap(({ versions }) => versions);
  const readable = pointer.retired.filter((one) => isReadable(one, now));
  const needed = new Set([...kept, ...readable].map(({ version }) => version));
  const dead: string[] = [];
  const prefix = versionsPrefix(pipeline);
  for await (const { key } of store.list(prefix)) {
    const version = Number(key.slice(prefix.length, -'.json'.length));
    if (version <= pointer.greatest && !needed.has(version)) dead.push(key);
  }
  for (const key of dead) await store.delete(key);
  return dead.length;
}
