import type { JsonObject } from '../json.ts';
import type { Failure, LogPointer } from './failure.ts';

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
  /** The function that wrote it. The machine itself sends the letters of record-failure to the queue; the others send their own. */
  readonly recorded_by: 'record-failure' | 'finalize' | 'reconcile';
}

/** `executions/<n>/dismissals/<step>.json`: a person has given the dead letter up; written once. */
export interface Dismissal {
  readonly reason: string;
  readonly dismissed_at: string;
}
