/** What the compiled machine sends to each function. The machine is the only sender, so each field here has one place in `lib/compiler/states/`. */
import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';
import type { Json } from './json.ts';

// The small zod, of which a function loads what it uses: the large one takes a fifth of a cold start. It comes without words for what is wrong.
z.config(en());

const json: z.ZodMiniType<Json> = z.json() as z.ZodMiniType<Json>;
const positive = z.int().check(z.positive());
const nonnegative = z.int().check(z.nonnegative());
const jsonObject = z.record(z.string(), json);

/** The workflow variable `$run` that Prepare assigns: who the execution is. `input` is absent when it is large; it is then read from the execution record. */
const runContext = z.strictObject({
  pipeline: z.string(),
  run_id: z.string(),
  /** Execution number inside the run, from 1. */
  execution: positive,
  execution_arn: z.string(),
  redrive_count: nonnegative,
  started_at: z.string(),
  scheduled_time: z.nullable(z.string()),
  input: z.optional(jsonObject),
  /** Of steps that somebody asked to run again: part of their fingerprints. */
  salts: z.optional(z.record(z.string(), z.string())),
  /** Of a pipeline whose runs must not overlap: the lease that Prepare took. Finalize checks the fence and gives the lease back. */
  lease: z.optional(
    z.strictObject({
      key: z.string(),
      fence: positive,
      /** The fence with which the run began, and by step the one with which `--from` asked for it: they tell which of two runs is newer, whenever each is resumed. */
      first: z.optional(positive),
      asked: z.optional(z.record(z.string(), positive)),
    }),
  ),
});
export type RunContext = z.infer<typeof runContext>;

const wakes = z.record(z.string(), z.array(z.string()));

/** What every function that acts for one step knows of it. */
const stepCore = {
  name: z.string(),
  /** Declared dependencies, sorted. */
  dependencies: z.array(z.string()),
  trigger_rule: z.enum(['all_success', 'none_failed', 'all_done']),
  severity: z.enum(['critical', 'high', 'medium', 'low']),
  /** For each step that waits on this one: all steps that it awaits. */
  wakes: z.optional(wakes),
  /** Digest of contract version, code and configuration: the compile-time part of the fingerprint. */
  definition: z.string(),
};

/** What a step that yields tells its next invocation, through the machine. */
const yieldFacts = z.strictObject({
  /** How often the machine has heard the step yield since it was entered, this time included. */
  yields: positive,
  redrives: nonnegative,
  /** The attempt that goes on, when it began, and how many invocations it has had. */
  attempt: positive,
  started_at: z.string(),
  invocations: positive,
});

/** Event of a step's function. */
export const stepPayload = z.strictObject({
  run: runContext,
  step: z.strictObject({
    ...stepCore,
    /** Digest of the handler's code without the runtime. */
    code: z.string(),
    /** Configuration that can change the result; the handler sees `initialization`. */
    config: z.catchall(z.object({ initialization: jsonObject }), json),
    result_schema: z.optional(json),
    /** Attempts in all after each kind of error. */
    budgets: z.strictObject({ step: z.number(), time_out: z.number(), platform: z.number() }),
    /** For linear and fibonacci: how many retriers `Backoff.<k>` there are; the last serves all later errors. */
    backoff: z.optional(positive),
  }),
  /** From 1: the state's RetryCount + 1; after a yield, on top of the attempts before. */
  attempt: positive,
  /** Only of steps whose time-out is longer than a function can run. */
  long: z.optional(
    z.strictObject({
      /** For one attempt, over all its invocations. */
      timeout_seconds: positive,
      /** RedriveCount of the execution as it is now. */
      redrives: nonnegative,
      /** What the step answered when it yielded; null when the machine enters it for the first time. */
      yielded: z.nullable(yieldFacts),
    }),
  ),
});
export type StepPayload = z.infer<typeof stepPayload>;
export type StepSpec = StepPayload['step'];

/** Event of the record-failure function. */
export const recordFailurePayload = z.strictObject({
  run: runContext,
  /** `code`: digest of the handler's code without the runtime. */
  step: z.strictObject({ ...stepCore, code: z.optional(z.string()) }),
  /** `Error` and `Cause` of the caught error. */
  failure: z.strictObject({ Error: z.optional(z.string()), Cause: z.optional(z.string()) }),
  attempts: positive,
});
export type RecordFailurePayload = z.infer<typeof recordFailurePayload>;

/** Event of the wait function, invoked with a task token. */
export const waitPayload = z.strictObject({
  run: runContext,
  step: z.string(),
  awaits: z.array(z.string()).check(z.minLength(1)),
  token: z.string(),
  rank: z.tuple([z.int(), z.string(), z.int()]),
});
export type WaitPayload = z.infer<typeof waitPayload>;

/** Event of Prepare. */
export const preparePayload = z.strictObject({
  execution: z.strictObject({
    arn: z.string(),
    name: z.string(),
    started_at: z.string(),
    redrive_count: nonnegative,
  }),
  input: json,
  pipeline: z.strictObject({
    name: z.string(),
    version: z.string(),
    input_schema: z.optional(json),
    /** Names of all steps; `daybreak.from` of the input is checked against them. */
    steps: z.optional(z.array(z.string())),
    /** Input of scheduled starts; strings may be JSONata over `scheduled_time`. */
    schedule: z.optional(z.strictObject({ timezone: z.string(), input: jsonObject })),
    /** Absent: starts run, whatever else is going. `key` is the path of an input field. */
    overlap: z.optional(z.strictObject({ policy: z.enum(['skip', 'queue']), key: z.optional(z.string()) })),
  }),
});
export type PreparePayload = z.infer<typeof preparePayload>;

/** Event of Finalize. */
export const finalizePayload = z.strictObject({
  run: runContext,
  /** Of the execution as it is now: greater than `run.redrive_count` when a redrive entered Finalize again. */
  redrive_count: nonnegative,
  steps: z.array(
    z.strictObject({
      name: z.string(),
      optional: z.optional(z.literal(true)),
      severity: z.optional(z.enum(['critical', 'high', 'medium', 'low'])),
    }),
  ),
});
export type FinalizePayload = z.infer<typeof finalizePayload>;

/** Event of Reconcile: EventBridge's "Step Functions Execution Status Change", and the pipeline whose machine it is. AWS adds fields, so this is open. */
export const reconcilePayload = z.object({
  pipeline: z.string(),
  detail: z.object({
    executionArn: z.string(),
    name: z.string(),
    status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']),
    /** Milliseconds since 1970. */
    startDate: z.number(),
    stopDate: z.nullish(z.number()),
    /** JSON text; absent when it is too large for an event. */
    input: z.nullish(z.string()),
    redriveCount: z.nullish(nonnegative),
    error: z.nullish(z.string()),
    cause: z.nullish(z.string()),
  }),
});
export type ReconcilePayload = z.infer<typeof reconcilePayload>;

/** What the hourly rule sends to Reconcile. */
export const sweepPayload = z.object({
  sweep: z.object({
    /** Within this many hours a run must have succeeded; null for pipelines that do not start by themselves. */
    quiet_hours: z.nullable(z.number().check(z.positive())),
  }),
});
export type SweepPayload = z.infer<typeof sweepPayload>;

/** What Reconcile did: ids of the dead letters that it wrote or sent. */
export interface ReconcileResult {
  readonly execution: number;
  readonly dead_letters: readonly string[];
}

/** What Prepare answers: `run` when the execution may go on, else the reason why it must not (`refused`), or not yet (`queued`: the machine asks again). */
export type PrepareResult = { readonly run: RunContext } | { readonly refused: string } | { readonly queued: string };

/** What record-failure answers; the machine sends `dead_letter` to the queue when there is one. */
export interface RecordFailureResult {
  readonly outcome: string;
  readonly dead_letter?: Json;
}

/** What Finalize answers; `again` sends the machine back to Prepare. */
export type FinalizeResult = { readonly again: true } | { readonly again: false; readonly summary: Json };

/** Result of a step's function, small: how the step ended, or that it goes on in a fresh invocation. */
export type StepAnswer =
  | { readonly outcome: string; readonly manifest: string | null; readonly yielded?: never }
  | { readonly yielded: z.infer<typeof yieldFacts>; readonly outcome?: never; readonly manifest?: never };

/** An input larger than this (bytes of JSON) stays in the execution record instead of travelling in `$run`. */
export const largestTravellingInput = 32 * 1024;
