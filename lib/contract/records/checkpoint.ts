import type { Json } from '../json.ts';
import type { DatasetSoFar, FileEntry } from './dataset.ts';

/**
 * Order of the invocations of one step, compared from left to right: execution, redrive count, how often the machine has heard the step yield since it was entered, retry count.
 * The machine started an invocation of a higher rank because it no longer waits for those of lower ranks.
 */
export type InvocationRank = readonly [execution: number, redrives: number, yields: number, retries: number];

/** `steps/<step>/checkpoint.json`: the position at which the next invocation of a long step continues. Replaced only by an invocation of higher rank, by compare-and-swap. */
export interface Checkpoint {
  readonly format: 1;
  /** Another fingerprint means other code, configuration, input or upstream: the checkpoint is not for it. */
  readonly fingerprint: string;
  readonly rank: InvocationRank;
  readonly invocation: string;
  /** The attempt that yielded here, and when it began. */
  readonly attempt: number;
  readonly attempt_started_at: string;
  /** Invocations of the attempt until here. */
  readonly invocations: number;
  readonly written_at: string;
  /** The value that the handler gave to `yieldIfDue`. */
  readonly state: Json;
  /** Everything written until here. `whole`: the handler had finished it with `step.write`. */
  readonly datasets: Readonly<Record<string, DatasetSoFar & { readonly whole: boolean }>>;
  readonly files: Readonly<Record<string, FileEntry>>;
}
