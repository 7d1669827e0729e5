import type { RunSummary } from '../../contract/records/history.ts';
import type { Progress } from '../../offline/engine/run-options.ts';
import type { ExpectedTimes, RunEstimate } from '../../operate/estimate/estimate.ts';
import { failureLine } from '../render/failure-text.ts';
import { LiveEstimate } from './live-estimate.ts';

/** The state of a step for a person who watches. Times are milliseconds since 1970. */
export interface StepView {
  readonly name: string;
  readonly state:
    | 'pending'
    | 'waiting'
    | 'running'
    | 'retrying'
    | 'succeeded'
    | 'reused'
    | 'failed'
    | 'blocked'
    | 'skipped';
  readonly attempt: number;
  /** Invocation of the attempt; each yield starts another one. */
  readonly invocation: number;
  readonly startedAt: number | null;
  /** When the latest attempt started. */
  readonly attemptAt: number | null;
  readonly endedAt: number | null;
  /** Failure of the last attempt that failed. */
  readonly error: string | null;
  readonly progress: { readonly done: number; readonly total: number | null; readonly message: string | null } | null;
  readonly dependencies: readonly string[];
  /** Dependencies that have not ended yet. */
  readonly waitsFor: readonly string[];
}

/** The part of a plan that a view needs. */
export interface ViewedPipeline {
  readonly name: string;
  readonly steps: readonly { readonly name: string; readonly dependencies: readonly string[] }[];
  readonly expected?: ExpectedTimes;
  /** The deadline of the run that is watched, in milliseconds since 1970. */
  readonly readyBy?: number | null;
}

/** The live state of a run, built from the engine's progress events. */
export class RunView {
  readonly name: string;
  /** The deadline of the run, in milliseconds since 1970; null without one. */
  readonly readyBy: number | null;
  runId: string | null = null;
  startedAt: number | null = null;
  readonly #estimate: LiveEstimate | null;
  readonly #steps: Map<string, StepView>;

  /** `history`: earlier runs, for the estimate; null for a view without one. */
  constructor(
    { name: pipeline, steps, expected, readyBy = null }: ViewedPipeline,
    history: readonly RunSummary[] | null = null,
  ) {
    this.name = pipeline;
    this.readyBy = readyBy;
    this.#estimate = history && new LiveEstimate(history, expected);
    this.#steps = new Map(steps.map(({ name, dependencies }) => [name, fresh(name, dependencies)]));
  }

  get steps(): readonly StepView[] {
    return [...this.#steps.values()];
  }

  get ended(): number {
    return this.steps.filter(({ endedAt }) => endedAt !== null).length;
  }

  /** When the run and its steps will probably end; null where no estimate is asked for, before the start and after the last step. */
  estimate(now: number): RunEstimate | null {
    return this.#estimate?.at(now, this) ?? null;
  }

  tell(progress: Progress): void {
    if (progress.type === 'started') {
      this.runId = progress.run_id;
      this.startedAt = progress.at;
    }
    const step = 'step' in progress ? this.#steps.get(progress.step) : undefined;
    if (!step) return;
    this.#steps.set(step.name, after(step, progress));
    if (progress.type === 'step-ended') this.#release(step.name);
  }

  #release(ended: string): void {
    for (const step of this.#steps.values())
      if (step.waitsFor.includes(ended))
        this.#steps.set(step.name, { ...step, waitsFor: step.waitsFor.filter((name) => name !== ended) });
  }
}

const fresh = (name: string, dependencies: readonly string[]): StepView => ({
  name,
  state: 'pending',
  attempt: 0,
  invocation: 0,
  startedAt: null,
  attemptAt: null,
  endedAt: null,
  error: null,
  progress: null,
  dependencies,
  waitsFor: dependencies,
});

const outcomes = ['succeeded', 'reused', 'failed', 'blocked', 'skipped'] as const;

function after(step: StepView, progress: Progress): StepView {
  switch (progress.type) {
    case 'step-waiting':
      return step.endedAt === null ? { ...step, state: 'waiting' } : step;
    case 'step-started':
      return {
        ...step,
        state: 'running',
        attempt: progress.attempt,
        invocation: progress.invocation ?? 1,
        startedAt: step.startedAt ?? progress.at,
        attemptAt: (progress.invocation ?? 1) > 1 ? (step.attemptAt ?? progress.at) : progress.at,
        progress: (progress.invocation ?? 1) > 1 ? step.progress : null,
      };
    case 'step-retrying':
      return { ...step, state: 'retrying', error: failureLine(progress) };
    case 'step-progress':
      return { ...step, progress: { done: progress.done, total: progress.total, message: progress.message } };
    case 'step-ended':
      return {
        ...step,
        state: outcomes.find((outcome) => outcome === progress.outcome) ?? 'failed',
        endedAt: progress.at,
      };
    default:
      return step;
  }
}
