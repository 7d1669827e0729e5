/** The events that the compiled machine sends to each function. The machine is the only sender, so each field here has one place in `lib/compiler/states/`. */
import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';
import type { Json } from './json.ts';
import { publishSetting } from './published/publish-setting.ts';

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
  /** Of a pipeline with `partition`: the piece of time on which the run works, as moments in UTC. */
  partition: z.optional(z.strictObject({ name: z.string(), start: z.string(), end: z.string() })),
  input: z.optional(jsonObject),
  /** Of the execution record. */
  listed_at: z.optional(z.string()),
  /** Salts of steps that a person asked to run again: part of their fingerprints. */
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
  /** Of the execution record: a run that was made out of another one. */
  trial: z.optional(
    z.strictObject({
      of: z.nullable(z.string()),
      sends: z.optional(z.literal(true)),
      only: z.optional(z.readonly(z.array(z.string()))),
    }),
  ),
});
export type RunContext = z.infer<typeof runContext>;

/** The facts that a step which yields hands to its next invocation, through the machine. */
const yieldFacts = z.strictObject({
  /** The number of times that the machine has come back into the step, this time included. */
  yields: positive,
  redrives: nonnegative,
  /** The attempt that continues, when it began, and how many invocations it has had. */
  attempt: positive,
  started_at: z.string(),
  invocations: positive,
});

export type YieldFacts = z.infer<typeof yieldFacts>;

/**
 * The input of a step's state. It is empty when the machine enters the state for the first time. After a yield it has `yielded`; after a delay that the step asked for it is
 * the error that asked (`try-again.ts`).
 */
const stepInput = z.object({
  yielded: z.optional(yieldFacts),
  Error: z.optional(z.string()),
  Cause: z.optional(z.string()),
});

/** The context object's State, to which AWS may add fields. An engine may leave out RetryCount until there is something to count. */
const state = z.object({ Name: z.string(), RetryCount: z.optional(nonnegative) });

/** The fields that every state of a step sends. The state has the step's name. */
const ofStep = { run: runContext, state, input: z.optional(stepInput) };

/** Event of a step's function. `redrives`: RedriveCount of the execution as it is now. */
export const stepEvent = z.strictObject({ ...ofStep, redrives: z.optional(nonnegative) });
export type StepEvent = z.infer<typeof stepEvent>;

/** Event of the record-failure function: the step's state as it was, and `Error` and `Cause` of the error that it ended with. */
export const recordFailureEvent = z.strictObject({
  ...ofStep,
  failure: z.object({ Error: z.optional(z.string()), Cause: z.optional(z.string()) }),
});
export type RecordFailureEvent = z.infer<typeof recordFailureEvent>;

/** Event of the wait function, invoked with a task token. The state's name is `waitName` of the step. */
export const waitEvent = z.strictObject({
  run: runContext,
  token: z.string(),
  state: z.extend(state, { EnteredTime: z.string() }),
  redrives: z.optional(nonnegative),
});
export type WaitEvent = z.infer<typeof waitEvent>;

/** Event of Prepare. `execution` is the context object's Execution, to which AWS may add fields. */
export const prepareEvent = z.strictObject({
  execution: z.object({
    Id: z.string(),
    Name: z.string(),
    StartTime: z.string(),
    Input: json,
    RedriveCount: z.optional(nonnegative),
  }),
  pipeline: z.strictObject({
    name: z.string(),
    version: z.string(),
    input_schema: z.optional(json),
    /** Input of scheduled starts; strings may be JSONata over `scheduled_time`. */
    schedule: z.optional(z.strictObject({ timezone: z.string(), input: jsonObject })),
    /** The pieces of time on which runs work. `key` is an input field. */
    partition: z.optional(
      z.strictObject({
        by: z.enum(['hour', 'day', 'week', 'month']),
        key: z.string(),
        timezone: z.string(),
        start: z.optional(z.string()),
      }),
    ),
    /** Absent: runs may overlap. `key` is the path of an input field. */
    overlap: z.optional(z.strictObject({ policy: z.enum(['skip', 'queue']), key: z.optional(z.string()) })),
  }),
});
export type PrepareEvent = z.infer<typeof prepareEvent>;

const severity = z.enum(['critical', 'high', 'medium', 'low']);

/** The deadlines of a pipeline, as its function knows them; those of steps are in the plan. */
export const deadlineSettings = z.strictObject({
  schedule: z.strictObject({
    expression: z.string(),
    timezone: z.string(),
    times: z.strictObject({
      minutes: z.array(nonnegative),
      hours: z.array(nonnegative),
      daysOfMonth: z.array(positive),
      months: z.array(positive),
      daysOfWeek: z.array(nonnegative),
    }),
  }),
  deadline: z.nullable(
    z.strictObject({
      ready_by: nonnegative,
      timezone: z.string(),
      severity,
      at_risk: z.enum(['page', 'team', 'digest', 'none']),
    }),
  ),
  expected_ms: z.nullable(z.number()),
});
export type DeadlineSettings = z.infer<typeof deadlineSettings>;

/** Event of Finalize. */
export const finalizeEvent = z.strictObject({
  run: runContext,
  /** Of the execution as it is now: greater than `run.redrive_count` when a redrive entered Finalize again. */
  redrive_count: nonnegative,
  /**
   * All steps by name, and what each is made of, for readers of the definition: `lib/operate` tells from it what a resume would do. The digest of its definition (`shortDigest`), the first
   * characters of that of its code, then the steps that it depends on, as indexes into this list.
   */
  steps: z.record(z.string(), z.array(z.union([z.string(), nonnegative]))),
  /** Names of the optional steps. */
  optional: z.optional(z.array(z.string())),
  /** By step, where it is not medium. */
  severity: z.optional(z.record(z.string(), severity)),
  /** Only of a pipeline that publishes. */
  publish: z.optional(publishSetting),
  /** Steps that make profiles of their datasets. */
  profiled: z.optional(z.array(z.string())),
});
export type FinalizeEvent = z.infer<typeof finalizeEvent>;

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

/** The event that the hourly rule sends to Reconcile. */
export const sweepPayload = z.object({
  sweep: z.object({
    /** Within this many hours a run must have succeeded; null for pipelines that do not start by themselves. */
    quiet_hours: z.nullable(z.number().check(z.positive())),
  }),
});
export type SweepPayload = z.infer<typeof sweepPayload>;

/** Answer of Reconcile: the ids of the dead letters that it sent. */
export interface ReconcileResult {
  readonly execution: number;
  readonly dead_letters: readonly string[];
}

/** Answer of Prepare: `run` if the execution may continue, else the reason why it must not (`refused`) or must wait (`queued`: the machine asks again). */
export type PrepareResult = { readonly run: RunContext } | { readonly refused: string } | { readonly queued: string };

/** Answer of record-failure: the settled outcome of the step. */
export interface RecordFailureResult {
  readonly outcome: string;
}

/** Answer of Finalize; `again` sends the machine back to Prepare. */
export type FinalizeResult = { readonly again: true } | { readonly again: false; readonly summary: Json };

/** Result of a step's function, small: how the step ended, or that a fresh invocation continues it. */
export type StepAnswer =
  | { readonly outcome: string; readonly manifest: string | null; readonly yielded?: never }
  | { readonly yielded: YieldFacts; readonly outcome?: never; readonly manifest?: never };

/** An input larger than this (bytes of JSON) stays in the execution record instead of travelling in `$run`. */
export const largestTravellingInput = 32 * 1024;
