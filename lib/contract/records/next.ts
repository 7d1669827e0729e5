import type { Manifest } from './manifest.ts';

/** The word of a person who vouched for a step. */
export interface Vouching {
  /** The person's name, as far as the command line knows it. */
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

/** A manifest that a person made instead of the step. */
export type VouchedManifest = Manifest & { readonly vouched: Vouching };

/**
 * `executions/<n>/next.json`: what people left for the execution that follows execution n, and who follows. It is changed by compare-and-swap until someone follows, and never
 * afterwards; so a person, a resume and a removal cannot miss each other.
 */
export interface Next {
  /** At most one per step. Not in effect before the following execution has taken them over. */
  readonly vouched: readonly VouchedManifest[];
  /** The ARN of the execution that follows, or `removal`; null while people may still vouch. */
  readonly taken_by: string | null;
}

/** In `taken_by`: no execution follows, because the run is being removed. */
export const removal = 'removal';

/** `<pipeline>/removals/<run>.json`: a run is being removed, or was. It stays for a day after the end, for those who had begun to read the run. */
export interface Removal {
  readonly run_id: string;
  readonly began_at: string;
  /** No execution of the run begins from now on, and nothing keeps it. Before that the run is whole, and may stay. */
  readonly decided: boolean;
  /** Null while objects of the run may be left: the next `prune` finishes it. */
  readonly done_at: string | null;
}
