import type { RunHistory, RunSizes, RunTotals } from '../contract/records/history.ts';

/** The figures of one step, from its latest success. */
type StepFigures = Omit<RunSizes, 'wait_seconds'>;

/** Everything that the store knows of a pipeline in figures. */
export interface PipelineFigures {
  readonly pipeline: string;
  /** Null before the first run. */
  readonly totals: RunTotals | null;
  readonly steps: ReadonlyMap<string, StepFigures>;
  /** A run should succeed within so many seconds of the one before; null where no schedule says so. */
  readonly expectedWithin: number | null;
  /** Of the deadlines of the last 30 days, those that were met; null where none has passed. */
  readonly onTime: { readonly met: number; readonly of: number } | null;
}

/** Takes the figures out of a pipeline's history. */
export function figuresOf(
  pipeline: string,
  history: RunHistory | null,
  { expectedWithin, onTime }: Pick<PipelineFigures, 'expectedWithin' | 'onTime'>,
): PipelineFigures {
  const steps = new Map<string, StepFigures>();
  for (const { steps: spans } of [...(history?.runs ?? [])].reverse()) {
    for (const [step, [started, ended, attempts, rows, bytes]] of Object.entries(spans)) {
      const seconds = Math.max(0, ended - started) / 1000;
      steps.set(step, { seconds, rows, bytes, attempts, retries: Math.max(0, attempts - 1) });
    }
  }
  return { pipeline, totals: history?.totals ?? null, steps, expectedWithin, onTime };
}
