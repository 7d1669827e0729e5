import type { SecretLocation } from '../events/alert-settings.ts';
import type { QueryLineage } from './column-lineage.ts';

/** The key `lineage`. */
export interface LineageSetting {
  /** Of jobs and datasets in OpenLineage events. */
  readonly namespace: string;
  /** Address that takes the events; null: they are only kept in the store. */
  readonly url: string | null;
  /** Where the receiver's key is; null if it needs none. */
  readonly api_key: SecretLocation | null;
}

/** The facts that the templates have of a step. They count for a manifest that the same code made, and for no other. */
export interface StepSource {
  /** Digest of the code. */
  readonly code: string;
  /** The texts of its queries, in the order in which they run; null for a step handler. */
  readonly sql: string | null;
  /** The file of the step handler, from the project's root; null for queries. */
  readonly file: string | null;
  /** Lineage of the queries by dataset, where it is known; a list, since names come from outside. */
  readonly lineage: readonly (readonly [dataset: string, lineage: QueryLineage])[];
  /** The datasets that its queries read; null if they are not known, as of a step handler. */
  readonly reads: readonly { readonly step: string; readonly dataset: string }[] | null;
}

/** `lineage.json` beside the code of the functions of the platform. */
export interface LineageFile {
  readonly setting: LineageSetting;
  /** By step. */
  readonly sources: readonly (readonly [step: string, source: StepSource])[];
}

export const lineageFile = 'lineage.json';
