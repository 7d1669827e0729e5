import type { Failure } from './failure.ts';
import type { Manifest } from './manifest.ts';

/** The part of a manifest that dependents read. */
export type Made = Pick<Manifest, 'result' | 'datasets' | 'files'>;

/** A step's times (milliseconds since 1970), attempts, and the rows and bytes of its datasets. A list, since outcomes carry many of them. */
export type Span = readonly [started: number, ended: number, attempts: number, rows: number, bytes: number];

/** The end of a step in one execution. */
export type OutcomeKind = 'succeeded' | 'reused' | 'failed' | 'blocked' | 'skipped';

/** `executions/<n>/outcomes/<step>.json`: written once; a writer that comes second reads it and obeys. */
export interface Outcome {
  readonly step: string;
  readonly outcome: OutcomeKind;
  readonly execution: number;
  /** Key of the manifest, for `succeeded` and `reused`. */
  readonly manifest: string | null;
  /** Content digest of the manifest's result, datasets and files; what dependents' fingerprints are made of. */
  readonly digest: string | null;
  /** The manifest's content, so that dependents need not read it; absent when it is large. */
  readonly made?: Made;
  /** The step and all of its ancestors succeeded in this execution. Finalize need not read theirs. */
  readonly all_succeeded?: true;
  /** With `all_succeeded`: the spans of the step and its ancestors, so that Finalize need not read theirs. Absent for more than 300 steps. */
  readonly spans?: Readonly<Record<string, Span>>;
  readonly failure: Failure | null;
  /** Of a failed step, where it is known: the code and the definition (code and configuration) that failed. */
  readonly tried?: { readonly code: string; readonly definition: string };
  /** Steps that failed and made this one blocked, sorted; for `failed` the step itself; else empty. */
  readonly causes: readonly string[];
  /** Attempts that were started in this execution; 0 when none was. */
  readonly attempts: number;
  readonly started_at: string | null;
  readonly ended_at: string;
  /** Outcomes of some ancestors, so that descendants need not read them. */
  readonly carried?: readonly Outcome[];
  /** Of an outcome with `made` or `carried`: digest of everything else in it. */
  readonly seal?: string;
}
