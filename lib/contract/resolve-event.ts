/** Events of the machine, completed with what the function knows of its steps. */
import { PermanentError } from './errors.ts';
import type { Json } from './json.ts';
import type {
  FinalizeEvent,
  PrepareEvent,
  RecordFailureEvent,
  RunContext,
  StepEvent,
  WaitEvent,
  YieldFacts,
} from './payloads.ts';
import { stepOf } from './state-names.ts';
import type { StepSpec, StepSpecs } from './step-spec.ts';
import { readTryAgain, type TryAgain } from './try-again.ts';

/** One attempt of a step. */
export interface StepPayload {
  readonly run: RunContext;
  readonly step: StepSpec;
  /** From 1, over all of the machine's stays in the step. */
  readonly attempt: number;
  /** The attempt before this one asked the machine to wait; null when the machine came here in another way. */
  readonly again: Pick<TryAgain, 'attempt' | 'entry'> | null;
  /** No invocation before this one can have worked on the step in this execution, except a twin of this one. */
  readonly fresh: boolean;
  /** Null for steps that must finish in one invocation. */
  readonly long: LongFacts | null;
}

interface LongFacts {
  /** For one attempt, over all its invocations. */
  readonly timeout_seconds: number;
  /** RedriveCount of the execution as it is now. */
  readonly redrives: number;
  /** The answer with which the invocation before this one yielded; null when none did. */
  readonly yielded: YieldFacts | null;
}

/** The facts that record-failure knows about the failed step. */
type FailedStep = Pick<
  StepSpec,
  'name' | 'dependencies' | 'trigger_rule' | 'severity' | 'wakes' | 'via' | 'carries' | 'definition' | 'code' | 'place'
>;

export interface RecordFailurePayload {
  readonly run: RunContext;
  readonly step: FailedStep;
  readonly failure: RecordFailureEvent['failure'];
  /** Attempts until the failure. */
  readonly attempts: number;
}

export interface WaitPayload {
  readonly run: RunContext;
  readonly step: string;
  readonly awaits: readonly string[];
  readonly token: string;
  readonly rank: readonly [redrives: number, entered: string, retries: number];
}

export interface PreparePayload {
  readonly execution: {
    readonly arn: string;
    readonly name: string;
    readonly started_at: string;
    readonly redrive_count: number;
  };
  readonly input: Json;
  readonly pipeline: PrepareEvent['pipeline'] & {
    /** Names of all steps; Prepare checks `daybreak.from` of the input against them, where they are known. */
    readonly steps?: readonly string[];
  };
}

/** The event of Finalize, with the facts that it needs about each step. */
export interface FinalizePayload extends Pick<FinalizeEvent, 'run' | 'redrive_count' | 'publish' | 'profiled'> {
  readonly steps: readonly FinalStep[];
}

export interface FinalStep {
  readonly name: string;
  /** Digest of its code and configuration, in the short form; absent if no one says. */
  readonly definition?: string;
  /** None are known when left out. */
  readonly dependencies?: readonly string[];
  readonly optional?: true;
  /** Medium when left out. */
  readonly severity?: StepSpec['severity'];
}

export function resolveStep(event: StepEvent, specs: StepSpecs): StepPayload {
  const step = specOf(event.state.Name, specs);
  const again = askedBefore(event);
  const attempt = attemptOf(event);
  const yielded = event.input?.yielded ?? null;
  const redrives = event.redrives ?? 0;
  const fresh = attempt === 1 && redrives === 0 && yielded === null;
  const long = step.long_seconds !== undefined && {
    timeout_seconds: step.long_seconds,
    redrives,
    yielded,
  };
  return { run: event.run, step, attempt, again, fresh, long: long || null };
}

export function resolveFailure(event: RecordFailureEvent, specs: StepSpecs): RecordFailurePayload {
  const { run, failure } = event;
  return { run, step: specOf(event.state.Name, specs), failure, attempts: attemptOf(event) };
}

export function resolveWait({ run, token, state, redrives = 0 }: WaitEvent, specs: StepSpecs): WaitPayload {
  const step = stepOf(state.Name);
  const { awaits = [] } = specOf(step, specs);
  return { run, step, awaits, token, rank: [redrives, state.EnteredTime, state.RetryCount ?? 0] };
}

export function resolvePrepare(event: PrepareEvent, specs: StepSpecs): PreparePayload {
  const { Id: arn, Name: name, StartTime: started_at, Input: input, RedriveCount: redrive_count = 0 } = event.execution;
  const pipeline = { ...event.pipeline, steps: Object.keys(specs) };
  return { execution: { arn, name, started_at, redrive_count }, input, pipeline };
}

export function resolveFinalize({ run, redrive_count, publish, profiled, ...event }: FinalizeEvent): FinalizePayload {
  const optional = new Set(event.optional);
  const severities = new Map(Object.entries(event.severity ?? {}));
  const names = Object.keys(event.steps);
  const stepFacts = ([name, madeOf]: readonly [string, readonly (string | number)[]]): FinalStep => {
    const severity = severities.get(name);
    const dependencies = madeOf.flatMap((part) => (typeof part === 'number' ? (names[part] ?? []) : []));
    const [definition] = madeOf;
    return {
      name,
      dependencies,
      ...(typeof definition === 'string' && { definition }),
      ...(optional.has(name) && { optional: true }),
      ...(severity && { severity }),
    };
  };
  const steps = Object.entries(event.steps).map(stepFacts);
  return { run, redrive_count, steps, ...(publish && { publish }), ...(profiled && { profiled }) };
}

/** Number of the attempt that an event of a step's state is about, from 1. A yield continues an attempt; a delay ends one. */
export function attemptOf(event: Pick<StepEvent, 'state' | 'input'>): number {
  const first = event.input?.yielded?.attempt ?? (askedBefore(event)?.attempt ?? 0) + 1;
  return first + (event.state.RetryCount ?? 0);
}

function askedBefore({ input }: Pick<StepEvent, 'input'>): TryAgain | null {
  return input?.Cause === undefined ? null : readTryAgain(input.Cause);
}

function specOf(name: string, specs: StepSpecs): StepSpec {
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
  if (spec) return spec;
  const known = Object.keys(specs).join(', ') || 'none';
  throw new PermanentError(`this function does not know the step "${name}": its plan.json has ${known}`);
}
