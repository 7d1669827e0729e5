import type { Json } from '../../../contract/json.ts';

/** One invocation of a function, as the bench knows it. */
export interface Actor {
  /** Different for every invocation of a run, and the same whenever the run is repeated: decisions are named after it. */
  readonly label: string;
  /** A placeholder of the machine (`Prepare`, `ExtractOrdersFunction`), `Reconcile`, or `Queue`. */
  readonly fn: string;
  /** The step that it acts for; null for Prepare, Finalize and Reconcile. */
  readonly step: string | null;
  /** What its data keys hold. */
  readonly invocation: string;
  readonly event: Json;
  /** How many writes the world had seen when it began. */
  readonly beganAt: number;
}

/** The step that an event is about: a wait names it, the others carry what they need to know of it. */
export function stepOf(event: Json): string | null {
  const { step } = event as { step?: string | { name: string } };
  return typeof step === 'string' ? step : (step?.name ?? null);
}
