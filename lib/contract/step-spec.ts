import type { DeadlineSetting } from './events/deadline-setting.ts';
import type { Json, JsonObject } from './json.ts';
import type { Window } from './partitions/window.ts';
import type { ProfileSettings } from './profiles/profile-settings.ts';
import type { Delays } from './retry-delays.ts';

/**
 * All that the functions of a pipeline know of one step. The machine names only the step: the rest stands in `plan.json` beside the code of each function, so that a
 * definition stays small. Function and definition are deployed together, and a definition names the versions of its functions, so the two always agree.
 */
export interface StepSpec {
  readonly name: string;
  /** Declared dependencies, sorted. */
  readonly dependencies: readonly string[];
  /** The earlier partitions that it reads. */
  readonly needs?: Window;
  readonly trigger_rule: 'all_success' | 'none_failed' | 'all_done';
  readonly severity: 'critical' | 'high' | 'medium' | 'low';
  /** Its failure does not fail the run. */
  readonly optional?: true;
  readonly deadline?: DeadlineSetting;
  /** The time that the template expects it to take, in milliseconds. */
  readonly expected_ms?: number;
  /** Dependencies that the step's wait state waits for, sorted; absent where the machine's order guarantees all. */
  readonly awaits?: readonly string[];
  /** For each step that waits on this one: all steps that it awaits. */
  readonly wakes?: Readonly<Record<string, readonly string[]>>;
  /** By name of an ancestor whose outcome the step needs: the dependency whose outcome carries it. */
  readonly via?: Readonly<Record<string, string>>;
  /** Ancestors whose outcomes this step's outcome carries, for its descendants. */
  readonly carries?: readonly string[];
  /** Digest of contract version, code and configuration: the compile-time part of the fingerprint. */
  readonly definition: string;
  /** Digest of the handler's code without the runtime. */
  readonly code: string;
  /** Where people find that code: `lambdas/steps/orders/extract.ts:3:14`. Failures of the step carry it. */
  readonly place?: string;
  /** Configuration that can change the result; the handler sees `initialization`. */
  readonly config: { readonly initialization: JsonObject; readonly [key: string]: Json };
  readonly result_schema?: Json;
  /** No part of the configuration: a profile changes no result. */
  readonly profiles?: ProfileSettings;
  /** A published dataset is made of what it makes, so a publish can move its watermarks. Absent in a pipeline with partitions. */
  readonly marks?: true;
  /** Attempts in all after each kind of error. */
  readonly budgets: { readonly step: number; readonly time_out: number; readonly platform: number };
  /** Between attempts after errors of the step. */
  readonly delays: Delays;
  /** For one attempt, over all its invocations; only of a step whose time-out is longer than a function can run. */
  readonly long_seconds?: number;
}

/** The steps of a pipeline, or those that one function runs, by name. */
export type StepSpecs = Readonly<Record<string, StepSpec>>;

/** Name of the file beside a function's code that holds its `StepSpecs`. */
export const planFile = 'plan.json';
