import type { ObjectStore } from '../../ports/ports.ts';
import { readPointer } from '../../runtime/publish/move-pointer.ts';
import { partitionOf, versionBefore } from './find-version.ts';
import { PublishedError } from './published-error.ts';

/** The number, as text, of the newest version before the current one that no one withdrew. Throws a PublishedError if there is none. */
export async function previousVersion(store: ObjectStore, pipeline: string, partition: string): Promise<string> {
  const pointer = await readPointer(store, pipeline);
  if (!pointer || pointer.partitions.length === 0) throw new PublishedError(`${pipeline} has published nothing`);
  const row = partitionOf(pointer, partition);
  const before = versionBefore(pointer, row, row.current ?? Number.POSITIVE_INFINITY);
  if (before) return String(before.version);
  throw new PublishedError(`${pipeline} has no version before ${row.current ?? 'the withdrawn ones'} to compare with`);
}
