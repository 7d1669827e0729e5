import type { JsonObject } from '../json.ts';
import type { Failure } from './failure.ts';
import type { RunPartition, Trial } from './run.ts';

/** `executions/<n>.json`: one per (execution ARN, redrive count); written once. */
export interface ExecutionRecord {
  readonly execution: number;
  readonly execution_arn: string;
  readonly redrive_count: number;
  readonly started_at: string;
  /** Of the pipeline; empty when the execution died before Prepare could record it, and Reconcile did. */
  readonly version: string;
  readonly input: JsonObject;
  /** Of a pipeline with `partition`: the piece of time on which the run works. The same in all executions of a run. */
  readonly partition?: RunPartition;
  /** By step: a request to run the step again (`--from`) changes it, and the run's next executions keep it. Absent without such a request. */
  readonly salts?: Readonly<Record<string, string>>;
  /** The time under which the index lists the execution, if that is not `started_at`: an execution never comes before an earlier one of its run. */
  readonly listed_at?: string;
  /** The lease with which this execution began, if runs take turns. */
  readonly lease?: { readonly key: string; readonly fence: number };
  /** Only of a run that was made out of another one. The run's next executions keep it. */
  readonly trial?: Trial;
}

/** `executions/<n>/end.json`: how the execution ended; written once by Finalize, or by Reconcile when it died in another way. */
export interface ExecutionEnd {
  readonly execution: number;
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly ended_at: string;
  readonly failed: readonly string[];
  readonly blocked: readonly string[];
  readonly failure: Failure | null;
  /** Of a pipeline that publishes, if the execution succeeded: the version, or the reason why it published none. */
  readonly published?: { readonly partition: string; readonly version: number } | { readonly withheld: string };
}
