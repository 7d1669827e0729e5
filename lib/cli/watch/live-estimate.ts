import type { RunSummary } from '../../contract/records/history.ts';
import type { ExpectedTimes, RunEstimate } from '../../operate/estimate/estimate.ts';
import { estimateRun } from '../../operate/estimate/estimate-run.ts';
import type { StepView } from './run-view.ts';

/** A person cannot follow numbers that change faster. */
const everyMs = 1_000;

interface Watched {
  readonly startedAt: number | null;
  readonly steps: readonly StepView[];
}

/** The estimate of a run that a person watches, made again at most once a second. */
export class LiveEstimate {
  readonly #history: readonly RunSummary[];
  readonly #expected: ExpectedTimes | null;
  #made: { readonly at: number; readonly estimate: RunEstimate } | null = null;

  constructor(history: readonly RunSummary[], expected: ExpectedTimes | null = null) {
    this.#history = history;
    this.#expected = expected;
  }

  /** Null before the run has started and after its last step. */
  at(now: number, { startedAt, steps }: Watched): RunEstimate | null {
    if (startedAt === null || steps.every(({ endedAt }) => endedAt !== null)) return null;
    if (this.#made && now - this.#made.at < everyMs) return this.#made.estimate;
    const state = steps.map((step) => ({
      name: step.name,
      dependencies: step.dependencies,
      state:
        step.endedAt !== null
          ? ('ended' as const)
          : step.startedAt !== null
            ? ('running' as const)
            : ('pending' as const),
      startedAt: step.startedAt,
      endedAt: step.endedAt,
      worked: step.state === 'succeeded',
      progress: step.progress,
      expectedMs: this.#expected?.steps.get(step.name) ?? null,
    }));
    const estimate = estimateRun(
      { startedAt, now, steps: state, expectedMs: this.#expected?.run ?? null },
      this.#history,
    );
    this.#made = { at: now, estimate };
    return estimate;
  }
}
