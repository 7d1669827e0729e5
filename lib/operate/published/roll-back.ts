/** People's words about versions: back to an earlier one, or away with one. Each is one compare-and-swap, and stays in the history. */
import type { Change, Maker, Pointer } from '../../contract/published/pointer.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { movePointer } from '../../runtime/publish/move-pointer.ts';
import { isWithdrawn, withRollback, withWithdrawal } from '../../runtime/publish/pointer-changes.ts';
import { readVersion, summaryOf } from '../../runtime/publish/published-record.ts';
import { keptVersion, partitionOf, versionBefore } from './find-version.ts';
import { PublishedError } from './published-error.ts';

/** The person, the reason, and the moment (ISO 8601 in UTC). */
export interface PersonsWord {
  readonly by: string;
  readonly reason: string;
  readonly at: string;
}

/** A change of a person's, with the run that its event is about. */
export interface Spoken {
  readonly change: Change;
  readonly run: Maker;
}

/** Makes another version current: `to`, or the newest one before the current one that no one withdrew. Later publishes move on from there. */
export function rollBack(
  store: ObjectStore,
  pipeline: string,
  { partition, to, ...word }: PersonsWord & { readonly partition: string; readonly to: number | null },
): Promise<Spoken> {
  return movePointer<Spoken>(store, pipeline, async (pointer) => {
    const row = partitionOf(existing(pointer), partition);
    const kept = to === null ? before(pointer, partition) : keptVersion(pointer, to).kept;
    if (!row.versions.includes(kept)) throw new PublishedError(`version ${kept.version} is of another partition`);
    if (kept.version === row.current) throw new PublishedError(`version ${kept.version} is the current one already`);
    const summary = summaryOf(await readVersion(store, pipeline, kept.version));
    const moved = withRollback(pointer, { partition, current: kept.version, summary, ...word });
    return { write: moved, answer: { change: last(moved), run: kept } };
  });
}

function before(pointer: Pointer, partition: string) {
  const row = partitionOf(pointer, partition);
  const kept = versionBefore(pointer, row, row.current ?? Number.POSITIVE_INFINITY);
  if (kept) return kept;
  throw new PublishedError(
    `${pointer.pipeline} has no version before ${row.current ?? 'the withdrawn ones'} that can be read`,
  );
}

/** Takes a version away from readers, for good. If it is the current one, the newest one before it that no one withdrew becomes current; if there is none, readers see none. */
export function withdraw(
  store: ObjectStore,
  pipeline: string,
  { version, ...word }: PersonsWord & { readonly version: number },
): Promise<Spoken> {
  return movePointer<Spoken>(store, pipeline, async (pointer) => {
    const { row, kept } = keptVersion(existing(pointer), version, { withdrawn: true });
    if (isWithdrawn(pointer, version)) keptVersion(pointer, version);
    const isCurrent = row.current === version;
    const current = isCurrent ? (versionBefore(pointer, row, version)?.version ?? null) : row.current;
    const summary = current === null ? null : summaryOf(await readVersion(store, pipeline, current));
    const moved = withWithdrawal(pointer, kept, { partition: row.partition, current, summary, ...word });
    return { write: moved, answer: { change: last(moved), run: kept } };
  });
}

function existing(pointer: Pointer): Pointer {
  if (pointer.partitions.length > 0) return pointer;
  throw new PublishedError(`${pointer.pipeline} has published nothing`);
}

function last({ changes }: Pointer): Change {
  const change = changes.at(-1);
  if (!change) throw new Error('the pointer has no change');
  return change;
}
