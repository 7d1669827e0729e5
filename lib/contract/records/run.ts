import type { JsonObject } from '../json.ts';

/** `runs/<run>/run.json`: the first start of a run; written once. */
export interface RunRecord {
  readonly run_id: string;
  readonly pipeline: string;
  readonly created_at: string;
  /** The validated input with its defaults. */
  readonly input: JsonObject;
  readonly scheduled_time: string | null;
}
