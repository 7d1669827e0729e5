/** Versions that people and programs name, as far as they can be read. */
import type { KeptVersion, Pointer, PublishedPartition } from '../../contract/published/pointer.ts';
import { isWithdrawn } from '../../runtime/publish/pointer-changes.ts';
import { PublishedError } from './published-error.ts';

/** The row of a partition that has versions. Throws a PublishedError that names those that do. */
export function partitionOf(pointer: Pointer, partition: string): PublishedPartition {
  const row = pointer.partitions.find((one) => one.partition === partition);
  if (row) return row;
  const names = pointer.partitions.map((one) => one.partition);
  if (names.includes('')) throw new PublishedError(`${pointer.pipeline} has no partitions: leave --partition out`);
  const last = names.slice(-3).join(', ') || 'none';
  throw new PublishedError(
    partition === ''
      ? `${pointer.pipeline} publishes partitions: name one with --partition; the last are ${last}`
      : `${pointer.pipeline} has not published partition ${JSON.stringify(partition)}; the last are ${last}`,
  );
}

/** The version with a number. Throws a PublishedError if it cannot be read, with the reason; `withdrawn` allows a version that a person withdrew. */
export function keptVersion(
  pointer: Pointer,
  version: number,
  { withdrawn = false }: { readonly withdrawn?: boolean } = {},
): { readonly row: PublishedPartition; readonly kept: KeptVersion } {
  const { pipeline } = pointer;
  const word = pointer.withdrawn.find((one) => one.version === version);
  if (word && !withdrawn)
    throw new PublishedError(
      `version ${version} of ${pipeline} was withdrawn by ${word.by} at ${word.withdrawn_at}: ${word.reason}; its data is in run ${word.run_id}`,
    );
  for (const row of pointer.partitions) {
    const kept = row.versions.find((one) => one.version === version);
    if (kept) return { row, kept };
  }
  const all = pointer.partitions.flatMap(({ versions }) => versions.map((one) => one.version)).sort((a, b) => a - b);
  const readable =
    all
      .filter((one) => !isWithdrawn(pointer, one))
      .slice(-10)
      .join(', ') || 'none';
  throw new PublishedError(
    version > pointer.greatest
      ? `${pipeline} has no version ${version}; there is ${readable}`
      : `version ${version} of ${pipeline} was removed, because there are newer ones ("keep"); there is ${readable}`,
  );
}

/** The newest version before this one that no one withdrew; null if there is none. Going back never leads to a version that people went back from. */
export function versionBefore(pointer: Pointer, row: PublishedPartition, version: number): KeptVersion | null {
  return row.versions.findLast((one) => one.version < version && !isWithdrawn(pointer, one.version)) ?? null;
}
