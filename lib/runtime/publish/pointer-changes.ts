/** The changes of the pointer, as pure functions: a pointer in, the next one out. */
import type {
  Change,
  KeptVersion,
  Maker,
  Pointer,
  PublishedPartition,
  RetiredVersion,
  VersionSummary,
  WithdrawnVersion,
} from '../../contract/published/pointer.ts';
import { graceMs } from '../../contract/published/pointer.ts';

/** The row of a partition; one without versions if nothing of it was published. */
export function partitionRow(pointer: Pointer, partition: string): PublishedPartition {
  const none = { partition, current: null, fence: 0, versions: [] };
  return pointer.partitions.find((row) => row.partition === partition) ?? none;
}

export function isWithdrawn({ withdrawn }: Pick<Pointer, 'withdrawn'>, version: number): boolean {
  return withdrawn.some((one) => one.version === version);
}

/** The version that an execution published; null if it published none, or long ago. */
export function versionOf(
  pointer: Pointer,
  { run_id, execution }: Maker,
): { readonly partition: string; readonly version: number } | null {
  const isOurs = (one: Maker): boolean => one.run_id === run_id && one.execution === execution;
  for (const { partition, versions } of pointer.partitions) {
    const found = versions.find(isOurs);
    if (found) return { partition, version: found.version };
  }
  const gone = [...pointer.retired, ...pointer.withdrawn].find(isOurs);
  return gone ? { partition: gone.partition, version: gone.version } : null;
}

interface Publishing {
  readonly partition: string;
  readonly fence: number;
  readonly kept: KeptVersion;
  readonly summary: VersionSummary;
  /** Versions before the current one that stay readable. */
  readonly keep: number;
}

/** The pointer with a new version as the current one of its partition. Versions that are too many retire; those that retired long ago are forgotten. */
export function withPublished(pointer: Pointer, { partition, fence, kept, summary, keep }: Publishing): Pointer {
  const row = partitionRow(pointer, partition);
  const at = kept.published_at;
  const all = [...row.versions, kept];
  const stays = ({ version }: KeptVersion): boolean =>
    version === kept.version || newerUsable(pointer, all, version) <= keep;
  const retired = all.filter((one) => !stays(one)).map((one) => ({ ...one, partition, retired_at: at }));
  return {
    ...withRow(pointer, { partition, current: kept.version, fence, versions: all.filter(stays) }),
    greatest: Math.max(pointer.greatest, kept.version),
    retired: [...pointer.retired.filter((one) => isReadable(one, Date.parse(at))), ...retired],
    changes: withChange(pointer, {
      ...{ kind: 'published', at, partition, before: row.current, after: kept.version },
      ...{ by: null, reason: null, summary },
    }),
  };
}

/** True if readers may still be at a version that retired. */
export function isReadable({ retired_at }: Pick<RetiredVersion, 'retired_at'>, now: number): boolean {
  return Date.parse(retired_at) + graceMs > now;
}

/** The number of versions after this one that no one withdrew: a withdrawn version does not take the place of a good one. */
const newerUsable = (pointer: Pointer, all: readonly KeptVersion[], version: number): number =>
  all.filter((one) => one.version > version && !isWithdrawn(pointer, one.version)).length;

/** A person's wish, and the version that becomes current with it. */
interface Word {
  readonly partition: string;
  readonly current: number | null;
  readonly summary: VersionSummary | null;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
}

/** The pointer at another version of a partition. */
export function withRollback(pointer: Pointer, { partition, current, summary, at, by, reason }: Word): Pointer {
  const row = partitionRow(pointer, partition);
  return {
    ...withRow(pointer, { ...row, current }),
    changes: withChange(pointer, {
      ...{ kind: 'rolled_back', at, partition, before: row.current, after: current },
      ...{ by, reason, summary },
    }),
  };
}

/** The pointer without a version: no reader gets it, and no run publishes it again. */
export function withWithdrawal(pointer: Pointer, version: KeptVersion, word: Word): Pointer {
  const { partition, current, summary, at, by, reason } = word;
  const row = partitionRow(pointer, partition);
  const { run_id, execution, content } = version;
  const withdrawn: WithdrawnVersion = {
    ...{ version: version.version, partition, run_id, execution, content },
    ...{ withdrawn_at: at, by, reason },
  };
  return {
    ...withRow(pointer, { ...row, current }),
    withdrawn: [...pointer.withdrawn, withdrawn],
    changes: withChange(pointer, {
      ...{ kind: 'withdrawn', at, partition, before: row.current, after: current },
      ...{ by, reason, summary, withdrawn: version.version },
    }),
  };
}

const withRow = (pointer: Pointer, row: PublishedPartition): Pointer => {
  const others = pointer.partitions.filter(({ partition }) => partition !== row.partition);
  const partitions = [...others, row].sort((a, b) => (a.partition < b.partition ? -1 : 1));
  return { ...pointer, partitions };
};

const withChange = ({ changes }: Pointer, change: Omit<Change, 'change'>): Change[] => [
  ...changes,
  { change: (changes.at(-1)?.change ?? 0) + 1, ...change },
];
