import type { Json } from '../../../contract/json.ts';

/** One invocation of a function, as the bench knows it. */
export interface Actor {
  /** Different for every invocation of a run, and the same whenever the run is repeated: decisions are named after it. */
  readonly label: string;
  /** A placeholder of the machine (`Prepare`, `ExtractOrdersFunction`), or `Reconcile`. */
  readonly fn: string;
  /** The step that it acts for; null for Prepare, Finalize and Reconcile. */
  readonly step: string | null;
  /** Digest of that step's definition in this version of the pipeline. */
  readonly definition: string | null;
  /** The part of its data keys that names the invocation. */
  readonly invocation: string;
  readonly event: Json;
  /** The number of writes that the world had seen when it began. */
  readonly beganAt: number;
}
