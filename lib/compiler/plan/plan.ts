/** A pipeline ready to be emitted: every default filled in, nothing optional, every step with its place. */

import type { AlertSettings } from '../../contract/events/alert-settings.ts';
import type { DeadlineSetting } from '../../contract/events/deadline-setting.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { LineageSetting } from '../../contract/lineage/lineage-setting.ts';
import type { Window } from '../../contract/partitions/window.ts';
import type { ProfileSettings } from '../../contract/profiles/profile-settings.ts';
import type { PublishSetting } from '../../contract/published/publish-setting.ts';
import type { Backoff } from '../../contract/retry-delays.ts';
import type { StepWork } from '../../contract/step-work.ts';
import type { PartitionSetting } from '../../input/partitions/decide-partition.ts';
import type { SecretSource } from '../../input/secret-source.ts';
import type {
  OverlapPolicy,
  PermissionTemplate,
  ScheduleTemplate,
  Severity,
  TriggerRule,
} from '../template/template.ts';
import type { Relays } from './plan-relays.ts';

export interface PipelinePlan {
  readonly name: string;
  readonly namespace: string;
  readonly version: string;
  readonly description: string;
  readonly inputSchema: JsonObject | null;
  /** In the template's order. */
  readonly steps: readonly StepPlan[];
  readonly layout: Layout;
  readonly schedule: SchedulePlan | null;
  readonly overlap: OverlapPlan;
  /** Null if a run is not about a piece of time. */
  readonly partition: PartitionSetting | null;
  /** Of the whole run; only with a `cron` schedule. */
  readonly deadline: DeadlineSetting | null;
  /** The usual time of a run, in milliseconds; null if the author does not say. */
  readonly expectedMs: number | null;
  /** Step Functions stops the whole execution after this time: TimeoutSeconds of the machine. */
  readonly maxDurationSeconds: number;
  readonly localSetup: string | null;
  readonly functions: FunctionSharing;
  /** Null if no one is to hear of incidents. */
  readonly alerts: AlertSettings | null;
  /** Null if the pipeline publishes nothing. */
  readonly publish: PublishSetting | null;
  /** Null if no one asks for lineage events. */
  readonly lineage: LineageSetting | null;
}

/** True if steps that agree in all settings of a function share it; otherwise each handler has its own. */
export type FunctionSharing = 'shared' | 'separate';

/** The behaviour of a start while another run with the same value at `key` is active; if `key` is null, while any other run is active. */
export interface OverlapPlan {
  readonly policy: OverlapPolicy;
  readonly key: string | null;
}

export interface SchedulePlan extends ScheduleTemplate {
  readonly timezone: string;
  readonly enabled: boolean;
}

/** The arrangement of the steps: the machine's nesting of sequences and Parallel states. */
export type Layout =
  | { readonly kind: 'step'; readonly step: string }
  | { readonly kind: 'series'; readonly parts: readonly Layout[] }
  | { readonly kind: 'parallel'; readonly parts: readonly Layout[] };

/** Attempts after one kind of error, and the delays between them. Delays are whole seconds, at least 1. */
export interface RetryBudget {
  /** Total, the first included. */
  readonly attempts: number;
  readonly intervalSeconds: number;
  /** Platform and time-outs, which Step Functions counts, have none or exponential. */
  readonly backoff: Backoff;
  readonly maxDelaySeconds: number;
  readonly jitter: 'FULL' | 'NONE';
}

export interface StepPlan {
  readonly name: string;
  readonly description: string;
  readonly work: StepWork;
  /** Configuration that can change the result: what the fingerprint counts. `initialization` is what the handler sees; of an SQL step it holds the parameters and, where they are known, their types. */
  readonly config: { readonly initialization: JsonObject; readonly [key: string]: JsonObject[string] };
  /** Sorted. */
  readonly dependencies: readonly string[];
  /** Profiles that it makes of its datasets. */
  readonly profiles: ProfileSettings;
  /** A published dataset of a pipeline without partitions is made of what the step makes. */
  readonly marks: boolean;
  /** Null for a step that reads no earlier partitions. */
  readonly needs: Window | null;
  /** Dependencies that the layout does not put before this step; the step has one wait state for them. Sorted. */
  readonly awaits: readonly string[];
  /** Steps whose wait this one may end, each with all that it awaits. */
  readonly wakes: Readonly<Record<string, readonly string[]>>;
  readonly relays: Relays;
  readonly triggerRule: TriggerRule;
  readonly optional: boolean;
  readonly severity: Severity;
  readonly deadline: DeadlineSetting | null;
  readonly expectedMs: number | null;
  readonly retry: {
    readonly step: RetryBudget;
    readonly platform: RetryBudget;
    readonly timeOut: RetryBudget;
    /** False: only a throttled invocation, which certainly did not start, counts as a platform fault. */
    readonly repeatable: boolean;
  };
  /** For one attempt from start to end. */
  readonly timeoutSeconds: number;
  /** For one invocation of the function: less than the step's time-out when that is longer than Lambda allows, and the step has to yield. */
  readonly functionTimeoutSeconds: number;
  readonly memoryMb: number;
  /** Room in the function's /tmp. */
  readonly ephemeralStorageMb: number;
  readonly resultSchema: JsonObject | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, SecretSource>>;
  readonly permissions: readonly PermissionTemplate[];
}
