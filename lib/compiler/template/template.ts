/** A pipeline template after parsing: aliases resolved, the environment's overrides applied, every key known. Values that the author left out are null or empty. */
import type { AlertSettings } from '../../contract/events/alert-settings.ts';
import type { Json, JsonObject } from '../../contract/json.ts';
import type { LineageSetting } from '../../contract/lineage/lineage-setting.ts';
import type { DataCheck } from '../../contract/records/data-check.ts';
import type { Backoff } from '../../contract/retry-delays.ts';
import type { Span } from '../../diagnostics/diagnostic.ts';
import type { PartitionKind } from '../../input/partitions/partition.ts';
import type { CronTimes } from '../../input/schedule-times.ts';
import type { SecretSource } from '../../input/secret-source.ts';

import type { ProfileTemplate } from './keys/read-profile.ts';

export interface Template {
  readonly file: string;
  readonly name: string;
  readonly namespace: string | null;
  readonly version: string;
  readonly description: string | null;
  readonly metadata: JsonObject;
  readonly inputSchema: JsonObject | null;
  readonly steps: readonly StepTemplate[];
  readonly schedule: ScheduleTemplate | null;
  readonly overlap: OverlapTemplate | null;
  readonly partition: PartitionTemplate | null;
  readonly deadline: DeadlineTemplate | null;
  /** `expected_duration`. */
  readonly expectedMs: number | null;
  /** `lifecycle.max_duration_minutes`. */
  readonly maxDurationMinutes: number | null;
  /** Module path of `local.setup`, relative to the project root. */
  readonly localSetup: string | null;
  /** True if steps share Lambda functions. */
  readonly functions: 'shared' | 'separate' | null;
  readonly alerts: AlertSettings | null;
  readonly publish: PublishTemplate | null;
  readonly lineage: LineageSetting | null;
  /** Of every dataset that has no setting itself; null if the author gives none. */
  readonly profile: ProfileTemplate | null;
  /** Returns the position of a value in the text; the nearest enclosing one if the path itself has none. Paths are those of the text, not of this type: `['steps', 2, 'retry', 'max_attempts']`. */
  at(path: readonly (string | number)[]): Span;
  /** Returns the position of characters of a text value, from one offset in the value up to, not including, another. */
  inside(path: readonly (string | number)[], start: number, end: number): Span;
}

export interface ScheduleTemplate {
  /** The form of EventBridge Scheduler: `cron(0 1 * * ? *)` or `rate(1 hour)`. */
  readonly expression: string;
  /** Of `cron`; null for a rate, which starts when it is deployed. */
  readonly times: CronTimes | null;
  readonly timezone: string | null;
  readonly enabled: boolean | null;
  readonly input: JsonObject;
}

/** The datasets that readers outside the pipeline see. */
export interface PublishTemplate {
  /** In the template's order. */
  readonly datasets: readonly { readonly step: string; readonly dataset: string }[];
  readonly keep: number | null;
  readonly breaking: boolean | null;
}

/** When the data of a scheduled start has to be ready. */
export interface DeadlineTemplate {
  /** Minutes after midnight. */
  readonly readyBy: number;
  readonly timezone: string | null;
  readonly severity: Severity | null;
  readonly atRisk: 'page' | 'team' | 'digest' | 'none' | null;
}

/** The behaviour of a start while another run is active. */
export type OverlapPolicy = 'skip' | 'queue' | 'allow';

export interface OverlapTemplate {
  readonly policy: OverlapPolicy | null;
  /** Path of an input field, segments separated by dots: runs with different values there do not count as overlapping. */
  readonly key: string | null;
}

/** The pieces of time on which runs work. */
export interface PartitionTemplate {
  readonly by: PartitionKind;
  /** Input field that names the partition of a run. */
  readonly key: string;
  readonly timezone: string | null;
  /** Name of the first one. */
  readonly start: string | null;
}

export type TriggerRule = 'all_success' | 'none_failed' | 'all_done';
export type Severity = 'critical' | 'high' | 'medium' | 'low';
export type Jitter = 'full' | 'none';

export interface RetryTemplate {
  readonly retryable: boolean | null;
  /** Total, the first included. */
  readonly maxAttempts: number | null;
  /** The same after faults of the platform, and after time-outs. */
  readonly platformAttempts: number | null;
  readonly timeoutAttempts: number | null;
  readonly backoff: Backoff | null;
  /** Milliseconds. */
  readonly initialDelayMs: number | null;
  readonly maxDelayMs: number | null;
  readonly jitter: Jitter | null;
}

export interface StepTemplate {
  /** Index in the text's `steps`, for `at`. */
  readonly index: number;
  readonly name: string;
  readonly description: string | null;
  /** Without an entry when the step has `sql`. */
  readonly handler: HandlerTemplate;
  readonly sql: SqlTemplate | null;
  /** Datasets by name; null when the author does not say which there are. */
  readonly outputs: Readonly<Record<string, OutputTemplate>> | null;
  readonly dependencies: readonly string[];
  readonly needs: NeedsTemplate | null;
  readonly triggerRule: TriggerRule | null;
  readonly optional: boolean | null;
  readonly retry: RetryTemplate;
  readonly timeoutMs: number | null;
  readonly memoryMb: number | null;
  readonly ephemeralStorageMb: number | null;
  readonly severity: Severity | null;
  readonly deadline: DeadlineTemplate | null;
  readonly expectedMs: number | null;
  readonly resultSchema: JsonObject | null;
  readonly environment: Readonly<Record<string, string>>;
  /** Name that handlers use, to where the secret is kept. */
  readonly secrets: Readonly<Record<string, SecretSource>>;
  readonly permissions: readonly PermissionTemplate[];
}

/** The earlier partitions of a published dataset that a step reads. */
export interface NeedsTemplate {
  readonly step: string;
  readonly dataset: string;
  /** The number of partitions before that of the run. */
  readonly back: number;
  readonly unit: PartitionKind;
  readonly missing: 'error' | 'skip' | null;
}

interface HandlerTemplate {
  /** As written. */
  readonly callable: string;
  /** Path of the file relative to the project root, with forward slashes: `lambdas/steps/customer_analytics/extract-orders.ts`. */
  readonly entry: string;
  /** Name of the export: `method` or a path's `#export`, else `handler`. */
  readonly export: string;
  readonly initialization: JsonObject;
  /** The key that gave the initialization: Tasker's `handler_config` has settings in it that people expect to count. */
  readonly configuredBy?: string;
}

/** The queries of a step that is SQL. */
export interface SqlTemplate {
  /** `several`: the form with `datasets`, whose result has the row count of each. */
  readonly form: 'one' | 'several';
  /** In the order in which they are made; at least one. */
  readonly datasets: readonly DatasetQuery[];
  readonly result: QueryTemplate | null;
  /** By name, without the "$": values, or text in `{% %}` that is JSONata. */
  readonly params: Readonly<Record<string, string | number | boolean | null>>;
  /** True if NaN and infinities in results fail the step. */
  readonly finite: boolean;
}

interface DatasetQuery extends QueryTemplate {
  readonly name: string;
}

/** A query in a file, or written out: one of the two is null. */
export interface QueryTemplate {
  /** Relative to the template's folder, normalised. */
  readonly file: string | null;
  readonly query: string | null;
  /** Path of the value in the text, for `at` and `inside`. */
  readonly path: readonly (string | number)[];
}

interface OutputTemplate {
  /** Column name to column type in its one spelling; null when the author does not declare them. */
  readonly schema: Readonly<Record<string, string>> | null;
  /** In the template's order; `index`: place in the list as written. */
  readonly checks: readonly (DataCheck & { readonly index: number })[];
  readonly profile: ProfileTemplate | null;
}

/** One IAM statement for the step's function alone. */
export interface PermissionTemplate {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: Readonly<Record<string, Json>> | null;
}
