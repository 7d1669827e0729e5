import type { Failure } from './failure.ts';

/** How a step ended in one execution. */
export type OutcomeKind = 'succeeded' | 'reused' | 'failed' | 'blocked' | 'skipped';

/** `executions/<n>/outcomes/<step>.json`: written once; whoever loses reads it and obeys. */
export interface Outcome {
  readonly step: string;
  readonly outcome: OutcomeKind;
  readonly execution: number;
  /** Key of the manifest, for `succeeded` and `reused`. */
  readonly manifest: string | null;
  /** Content digest of the manifest's result, datasets and files; what dependents' fingerprints are made of. */
  readonly digest: string | null;
  readonly failure: Failure | null;
  /** Of a failed step, where it is known: the code and the definition (code and configuration) that failed. */
  readonly tried?: { readonly code: string; readonly definition: string };
  /** Steps that failed and made this one blocked, sorted; for `failed` the step itself; else empty. */
  readonly causes: readonly string[];
  /** Attempts that were started in this execution; 0 when none was. */
  readonly attempts: number;
  readonly started_at: string | null;
  readonly ended_at: string;
}
