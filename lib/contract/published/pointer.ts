/** The pointer: one object per pipeline that says which versions readers see. */
import type { PublishedMark } from './watermark.ts';

/**
 * `<pipeline>/published/current.json`: changed by compare-and-swap only, never deleted. A reader that reads it once sees one version of every dataset. `docs/publish.md` documents it for
 * readers outside Daybreak.
 */
export interface Pointer {
  readonly format: 1;
  readonly pipeline: string;
  /** The greatest version number that was given. Numbers are never given twice, and some may be left out. */
  readonly greatest: number;
  /** One row per partition; an unpartitioned pipeline has one, with the name "". A list, since a partition's name comes from outside. */
  readonly partitions: readonly PublishedPartition[];
  /** Versions that a person withdrew. They stay forever: no resume of their run publishes the same content again. */
  readonly withdrawn: readonly WithdrawnVersion[];
  /** Versions that were removed a moment ago. Their data stays until `graceMs` have passed, for readers that had opened them. */
  readonly retired: readonly RetiredVersion[];
  /** The latest changes, the oldest first. Earlier ones are in blocks (`changesPrefix`). */
  readonly changes: readonly Change[];
}

export interface PublishedPartition {
  readonly partition: string;
  /** The version that readers see; null when all were withdrawn. */
  readonly current: number | null;
  /** Fence of the lease of the last execution that published. A publish with a lower one is refused. */
  readonly fence: number;
  /** All versions that can be read, in ascending order; the current one is among them, withdrawn ones too. */
  readonly versions: readonly KeptVersion[];
}

/** The run and the execution that made a version. */
export interface Maker {
  readonly run_id: string;
  readonly execution: number;
}

export interface KeptVersion extends Maker {
  readonly version: number;
  readonly published_at: string;
  /** `content` of its record. */
  readonly content: string;
  /** Other runs whose data it refers to; absent if there are none. */
  readonly other_runs?: readonly string[];
  /** The places to which the steps had come in their sources; absent if none says. Runs that begin while this version is the current one go on from there. */
  readonly watermarks?: readonly PublishedMark[];
}

export interface WithdrawnVersion extends Maker {
  readonly version: number;
  readonly partition: string;
  readonly content: string;
  readonly withdrawn_at: string;
  readonly by: string;
  readonly reason: string;
}

export interface RetiredVersion extends KeptVersion {
  readonly partition: string;
  readonly retired_at: string;
}

/** One change of the pointer. The number is that of the change, from 1, without gaps. */
export interface Change {
  readonly change: number;
  readonly kind: 'published' | 'rolled_back' | 'withdrawn';
  readonly at: string;
  readonly partition: string;
  /** The current version before and after; null for none. */
  readonly before: number | null;
  readonly after: number | null;
  /** The person; null for a publish, which the run did. */
  readonly by: string | null;
  readonly reason: string | null;
  /** The version that is withdrawn, for that kind. */
  readonly withdrawn?: number;
  /** The version that the change made current; null if none is. */
  readonly summary: VersionSummary | null;
}

/** The facts of a version that lists show. */
export interface VersionSummary extends Maker {
  readonly rows: number;
  readonly bytes: number;
  readonly checks: number;
  /** Checks that were violated, and only warned or set rows aside. */
  readonly violated: number;
}

/**
 * The data of a version that retired stays for this long. Readers are promised 24 hours, which is longer than any run may take by default; the hour more is for clocks that differ and for
 * a write that is slow.
 */
export const graceMs = 25 * 3_600_000;

/** The pointer of a pipeline that never published. */
export function emptyPointer(pipeline: string): Pointer {
  return { format: 1, pipeline, greatest: 0, partitions: [], withdrawn: [], retired: [], changes: [] };
}
