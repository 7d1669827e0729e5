/** The JSON documents in the store that runtime, platform functions and command line exchange. All times are ISO 8601 UTC with milliseconds. */
import type { Json, JsonObject } from './json.ts';

/** How a step ended in one execution. */
export type OutcomeKind = 'succeeded' | 'reused' | 'failed' | 'blocked' | 'skipped';

/** An error as Step Functions reports it: a name that retriers match, and a text. */
export interface Failure {
  readonly error: string;
  readonly cause: string;
  /** Place in the author's code where it was thrown: `lambdas/steps/orders/extract.ts:12:9`. Absent where it is not known. */
  readonly thrown_at?: string;
  /** The errors behind it, the nearest first: `Error: connect ECONNREFUSED 127.0.0.1:5432`. Absent when there are none. */
  readonly caused_by?: readonly string[];
}

/** `runs/<run>/run.json`: the first start of a run; written once. */
export interface RunRecord {
  readonly run_id: string;
  readonly pipeline: string;
  readonly created_at: string;
  /** The validated input with its defaults. */
  readonly input: JsonObject;
  readonly scheduled_time: string | null;
}

/** `executions/<n>.json`: one per (execution ARN, redrive count); written once. */
export interface ExecutionRecord {
  readonly execution: number;
  readonly execution_arn: string;
  readonly redrive_count: number;
  readonly started_at: string;
  /** Of the pipeline; empty when the execution died before Prepare could record it, and Reconcile did. */
  readonly version: string;
  readonly input: JsonObject;
  /** By step: changed whenever somebody asks for the step to run again (`--from`), and handed on to the run's next executions. Absent when nobody has. */
  readonly salts?: Readonly<Record<string, string>>;
  /** Where runs take turns: the lease that this execution began with. */
  readonly lease?: { readonly key: string; readonly fence: number };
}

/** Who works, of all runs of a pipeline that must not overlap. */
export interface LeaseHolder {
  readonly run_id: string;
  readonly execution_arn: string;
  readonly redrive_count: number;
  /** Of the execution: a name, and so an ARN, may be used again after 90 days. */
  readonly started_at: string;
  readonly taken_at: string;
}

/** `<pipeline>/leases/<key>.json`: changed by compare-and-swap only and never deleted, so that no fence comes twice. */
export interface Lease {
  /** Grows with every taking: tells a holder from all before it. */
  readonly fence: number;
  /** Null when the lease is free. */
  readonly holder: LeaseHolder | null;
}

/** `executions/<n>/end.json`: how the execution ended; written once by Finalize, or by Reconcile when it died in another way. */
export interface ExecutionEnd {
  readonly execution: number;
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly ended_at: string;
  readonly failed: readonly string[];
  readonly blocked: readonly string[];
  readonly failure: Failure | null;
}

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

export interface DatasetPart {
  readonly key: string;
  readonly rows: number;
  /** Stored (compressed) size. */
  readonly bytes: number;
  /** SHA-256 of the stored bytes, hex. */
  readonly sha256: string;
}

export interface DatasetEntry {
  /** Column name to column type, in order. */
  readonly columns: Readonly<Record<string, string>>;
  readonly format: 'parquet';
  readonly rows: number;
  readonly bytes: number;
  /** Digest of the columns and the rows in their order (`contentDigest` in lib/data), hex: equal content has an equal digest, however it was cut into parts, whoever wrote it. */
  readonly content_digest: string;
  readonly parts: readonly DatasetPart[];
}

export interface FileEntry {
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly content_type: string;
}

/** What a fingerprint was made of, so that a later resume can say why a step runs again. */
export interface FingerprintParts {
  readonly contract: number;
  /** Digest of the handler's code without the runtime. */
  readonly code: string;
  /** The configuration that can change the result. */
  readonly config: JsonObject;
  /** Digest of each top-level key of the input. */
  readonly input: Readonly<Record<string, string>>;
  /** Content digest per dependency; null for one that has no result. */
  readonly upstream: Readonly<Record<string, string | null>>;
  readonly salt?: string;
}

/** `steps/<step>/manifests/<fingerprint>.json`: the commit record of a step's success; conditional create, first wins. */
export interface Manifest {
  readonly format: 1;
  readonly pipeline: string;
  readonly run_id: string;
  readonly step: string;
  readonly fingerprint: string;
  readonly made_of: FingerprintParts;
  readonly execution: number;
  readonly attempt: number;
  readonly invocation: string;
  readonly started_at: string;
  readonly committed_at: string;
  readonly result: Json;
  readonly datasets: Readonly<Record<string, DatasetEntry>>;
  readonly files: Readonly<Record<string, FileEntry>>;
  /** Of result, datasets' contents and files: equal for equal content. */
  readonly digest: string;
  /** Digest of everything else in the manifest, the list of parts included. */
  readonly seal: string;
}

/**
 * `executions/<n>/attempts/<step>.json`: how a step's attempts ended. Step Functions' retriers count each for itself, and from 0 whenever the machine comes back into the
 * step, so this record holds the budgets. Absent until an attempt has gone wrong; changed by compare-and-swap only.
 */
export interface AttemptsRecord {
  /** Attempts that ended with an error of the step itself, crashes included. */
  readonly step_errors: number;
  /** Those of them that asked for the delay after them (Retry-After), and so do not let the others' delays grow. */
  readonly rested: number;
  readonly time_outs: number;
  /** Faults of the platform that the runtime saw itself; Lambda's own never reach it. */
  readonly platform: number;
  /** The last attempt that is in these counts; null when none is. An attempt counts once, however often it says how it ended. */
  readonly counted: { readonly attempt: number; readonly started_at: string } | null;
}

/** Sums over the rows of a dataset, from which its content digest is made: whole numbers in decimal digits. */
export interface ContentSums {
  readonly sum: string;
  readonly mixed: string;
}

/** A dataset that is not complete: what an invocation that goes on with it needs. */
export interface DatasetSoFar {
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: number;
  readonly content: ContentSums;
  readonly parts: readonly DatasetPart[];
}

/**
 * Order of the invocations of one step, compared from left to right: execution, redrive count, how often the machine has heard the step yield since it was entered, retry count.
 * Whoever has a higher rank was started because the machine went on without all lower ones.
 */
export type InvocationRank = readonly [execution: number, redrives: number, yields: number, retries: number];

/** `steps/<step>/checkpoint.json`: where the next invocation of a long step goes on. Replaced only by an invocation of higher rank, by compare-and-swap. */
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
  /** What the handler gave to `yieldIfDue`. */
  readonly state: Json;
  /** Everything written until here. `whole`: the handler had finished it with `step.write`. */
  readonly datasets: Readonly<Record<string, DatasetSoFar & { readonly whole: boolean }>>;
  readonly files: Readonly<Record<string, FileEntry>>;
}

/** `executions/<n>/waits/<step>.json`: the live token of a waiting step. */
export interface WaitRecord {
  readonly token: string;
  readonly rank: WaitRank;
}

/**
 * Order of a wait state's attempts, compared from left to right: redrive count, when the state was entered (ISO 8601 UTC; a wait that ran into its backstop
 * enters itself again), retry count.
 */
export type WaitRank = readonly [redrives: number, entered: string, retries: number];

/** `executions/<n>/dead-letters/<step>.json`: a replay order; written once. The SQS message is its copy. */
export interface DeadLetter {
  /** `<pipeline>/<run>/<n>/<step>`: copies count once. */
  readonly id: string;
  readonly pipeline: string;
  readonly run_id: string;
  readonly execution: number;
  readonly execution_arn: string;
  /** The failed step, or `_execution` when the execution died as a whole. */
  readonly step: string;
  readonly severity: 'critical' | 'high' | 'medium' | 'low';
  readonly failure: Failure;
  readonly attempts: number;
  readonly failed_at: string;
  readonly input: JsonObject;
  /** Manifests of the dependencies that had succeeded. */
  readonly upstream_manifests: Readonly<Record<string, string>>;
  readonly logs: LogPointer | null;
  /** The command that resumes. */
  readonly resume: string;
  /** Who wrote it: only record-failure's letters are sent to the queue by the machine itself. */
  readonly recorded_by: 'record-failure' | 'finalize' | 'reconcile';
}

/** `executions/<n>/dismissals/<step>.json`: a person has given the dead letter up; written once. */
export interface Dismissal {
  readonly reason: string;
  readonly dismissed_at: string;
}

/** `steps/<step>/progress.json`: what the step's handler is doing, or was doing last. */
export interface StepProgress {
  readonly step: string;
  readonly execution: number;
  readonly attempt: number;
  readonly invocation: string;
  /** When the first attempt of this execution started its handler, and this one. */
  readonly first_started_at: string;
  readonly started_at: string;
  readonly updated_at: string;
  readonly done: number | null;
  readonly total: number | null;
  readonly message: string | null;
  readonly logs: LogPointer | null;
  /** What the attempt itself could say of an end that is no error of the step: its time-out was near, or the store did not answer. */
  readonly ended?: 'time-out' | 'platform';
}

/** Where an invocation's log lines are in CloudWatch. */
export interface LogPointer {
  readonly group: string;
  readonly stream: string;
}
