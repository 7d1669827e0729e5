import type { Progress } from '../../offline/engine/run-options.ts';
import type { RunReport, StepReport } from '../../operate/runs/run-report.ts';

/** Turns the changes from one report of a run to the next into the progress events of the offline engine. */
export class ReportProgress {
  readonly #tell: (progress: Progress) => void;
  readonly #attempts = new Map<string, number>();
  readonly #ended = new Set<string>();
  readonly #reported = new Map<string, string>();
  #execution: number | null = null;

  constructor(tell: (progress: Progress) => void) {
    this.#tell = tell;
  }

  report({ execution, run_id, input, started_at, steps }: RunReport): void {
    if (this.#execution !== execution) {
      this.#execution = execution;
      for (const known of [this.#attempts, this.#ended, this.#reported]) known.clear();
      this.#tell({ type: 'started', run_id, input, at: time(started_at) });
    }
    for (const step of steps) if (!this.#ended.has(step.step)) this.#step(step);
  }

  #step({ step, outcome, attempts, started_at, ended_at, failure, progress }: StepReport): void {
    const told = this.#attempts.get(step) ?? 0;
    if (started_at !== null && attempts > told) {
      this.#attempts.set(step, attempts);
      this.#tell({
        type: 'step-started',
        step,
        attempt: attempts,
        invocation: 1,
        at: told === 0 ? time(started_at) : Date.now(),
      });
    }
    if (outcome === 'pending') {
      if (!progress || this.#reported.get(step) === JSON.stringify(progress)) return;
      this.#reported.set(step, JSON.stringify(progress));
      this.#tell({ type: 'step-progress', step, ...progress });
      return;
    }
    this.#ended.add(step);
    const at = time(ended_at);
    if (failure && outcome === 'failed') this.#tell({ type: 'step-retrying', step, ...failure, at });
    this.#tell({ type: 'step-ended', step, outcome, at });
  }
}

const time = (text: string | null): number => (text ? Date.parse(text) : Date.now());
