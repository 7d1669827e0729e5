import type { JsonObject } from '../json.ts';

/** The piece of time on which a run works: from `start` on, and before `end`; ISO 8601 in UTC. */
export interface RunPartition {
  readonly name: string;
  readonly start: string;
  readonly end: string;
}

/** `runs/<run>/run.json`: the first start of a run; written once. */
export interface RunRecord {
  readonly run_id: string;
  readonly pipeline: string;
  readonly created_at: string;
  /** The validated input with its defaults. */
  readonly input: JsonObject;
  readonly scheduled_time: string | null;
  /** Of a pipeline with `partition`. */
  readonly partition?: RunPartition;
  /** Only of a run that takes results of another one. */
  readonly origin?: Origin;
}

/**
 * Marks a trial: a run that a person makes out of another one on their machine (`fork`, `run --only`). It counts for nothing else: it reports no events, opens and ends no incident, and feeds no
 * history. Each execution record of the run has the mark, and `$run` has it from there.
 */
export interface Trial {
  /** The run whose results it takes; null if it takes none. */
  readonly of: string | null;
  /** `step.once` and the sinks may send. Otherwise they refuse, since the data may be that of production. */
  readonly sends?: true;
  /** The only steps that run. Each other one has the result that was taken for it, or is skipped. */
  readonly only?: readonly string[];
}

/** In the record of a run that takes results of another one: where that is. Data is read from there when it is first needed, and nothing is ever written there. */
export interface Origin {
  /** Address of the store: `s3://...` or `file:///...`. */
  readonly store: string;
  /** AWS region of the store; absent if the environment names it. */
  readonly region?: string;
  readonly run_id: string;
  /** Number of executions before the trial's own ones: those of the original, under their numbers, or one that stands for their end. */
  readonly executions: number;
}
