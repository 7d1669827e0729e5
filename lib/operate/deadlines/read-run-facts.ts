import {
  type ExecutionRef,
  executionEndKey,
  outcomeKey,
  progressKey,
  type RunRef,
} from '../../contract/object-keys.ts';
import type { ExecutionEnd } from '../../contract/records/execution.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import type { StepProgress } from '../../contract/records/progress.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readExecutions } from '../../runtime/records/execution-number.ts';
import { readIntact } from '../../runtime/records/json-objects.ts';
import type { EstimatedStep, RunState } from '../estimate/estimate.ts';
import type { DeadlinePipeline, DeadlineStep } from './deadline-pipeline.ts';

/** The state of the run of a scheduled start. Times are milliseconds since 1970. */
export interface RunFacts {
  /** Null if no run has started. */
  readonly execution: number | null;
  /** When the run succeeded; null until then. */
  readonly readyAt: number | null;
  /** By step that is done: when. */
  readonly stepsReady: ReadonlyMap<string, number>;
  /** Steps that failed, and must run again before the run can succeed. */
  readonly failed: readonly string[];
  readonly state: RunState;
}

/** Reads how far a run is from the records of its latest execution: one request for each execution and step, and one more for each step that has not ended. */
export async function readRunFacts(
  store: ObjectStore,
  run: RunRef,
  pipeline: DeadlinePipeline,
  now: number,
): Promise<RunFacts> {
  const executions = await readExecutions(store, run);
  const ends = await Promise.all(
    executions.map(({ execution }) => readIntact<ExecutionEnd>(store, executionEndKey({ ...run, execution }))),
  );
  const success = ends.find((end) => end?.status === 'SUCCEEDED');
  const last = executions.at(-1);
  const ref = { ...run, execution: success?.execution ?? last?.execution ?? 1 };
  const steps = last ? await Promise.all(pipeline.steps.map((step) => readStepFacts(store, ref, step))) : [];
  const optional = new Set(pipeline.steps.filter((step) => step.optional).map(({ name }) => name));
  const isOver = ends.at(-1) !== null;
  return {
    execution: last?.execution ?? null,
    readyAt: success ? Date.parse(success.ended_at) : null,
    stepsReady: new Map(
      steps.flatMap(({ step: { name }, outcome }) =>
        outcome && isDone(outcome, optional) ? [[name, Date.parse(outcome.ended_at)] as const] : [],
      ),
    ),
    failed: steps.filter(({ outcome }) => outcome?.outcome === 'failed' && !isDone(outcome, optional)).map(nameOf),
    state: {
      now,
      expectedMs: pipeline.expectedMs,
      startedAt: last ? Date.parse(last.started_at) : now,
      steps: pipeline.steps.map((step, index) => stateOf(step, { facts: steps[index], isOver, optional, now })),
    },
  };
}

interface StepFacts {
  readonly step: DeadlineStep;
  readonly outcome: Outcome | null;
  readonly progress: StepProgress | null;
}

const nameOf = ({ step }: StepFacts): string => step.name;

async function readStepFacts(store: ObjectStore, ref: ExecutionRef, step: DeadlineStep): Promise<StepFacts> {
  const outcome = await readIntact<Outcome>(store, outcomeKey(ref, step.name));
  if (outcome) return { step, outcome, progress: null };
  const progress = await readIntact<StepProgress>(store, progressKey(ref, step.name));
  return { step, outcome, progress: progress?.execution === ref.execution ? progress : null };
}

/** True if nothing of the step remains to be done: it has its data, has none, or does not count. */
function isDone({ step, outcome, causes }: Outcome, optional: ReadonlySet<string>): boolean {
  if (outcome === 'failed') return optional.has(step);
  return outcome !== 'blocked' || optional.has(step) || (causes.length > 0 && causes.every((one) => optional.has(one)));
}

function stateOf(
  { name, dependencies, expectedMs }: DeadlineStep,
  {
    facts,
    isOver,
    optional,
    now,
  }: {
    readonly facts: StepFacts | undefined;
    readonly isOver: boolean;
    readonly optional: ReadonlySet<string>;
    readonly now: number;
  },
): EstimatedStep {
  const outcome = facts?.outcome ?? null;
  const common = { name, dependencies, expectedMs };
  if (outcome && isDone(outcome, optional)) {
    const startedAt = outcome.started_at === null ? null : Date.parse(outcome.started_at);
    const worked = outcome.outcome === 'succeeded';
    return { ...common, state: 'ended', startedAt, endedAt: Date.parse(outcome.ended_at), worked, progress: null };
  }
  const progress = outcome || isOver ? null : (facts?.progress ?? null);
  const reported = progress && progress.done !== null ? { done: progress.done, total: progress.total } : null;
  return {
    ...common,
    state: progress ? 'running' : 'pending',
    startedAt: progress ? Date.parse(progress.first_started_at) : null,
    endedAt: null,
    ...((outcome || isOver) && { restartsAt: now }),
    worked: false,
    progress: reported,
  };
}
