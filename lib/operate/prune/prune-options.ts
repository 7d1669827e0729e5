import type { RunRef } from '../../contract/object-keys.ts';
import type { Executions, ObjectStore } from '../../ports/ports.ts';

export interface PruneOptions {
  readonly pipeline: string;
  readonly store: ObjectStore;
  readonly executions: Executions;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Runs that ended longer ago are old. */
  readonly keepDays: number;
  /** Reads alone. */
  readonly dryRun: boolean;
  /** False when no further run may begin to be removed; the next prune removes it. Without it there is always time. */
  readonly hasTime?: () => boolean;
  /** Removes what this machine keeps of a run beside the store. It may be called again. */
  readonly forget: (run: RunRef) => Promise<void>;
}

const dayMs = 24 * 3_600_000;

/** True if something ended more than so many days ago. */
export function isOld({ ended_at }: { readonly ended_at: string }, now: number, keepDays: number): boolean {
  return Date.parse(ended_at) < now - keepDays * dayMs;
}
