import type { RunReport, StepReport } from '../runs/run-report.ts';
import type { EstimatedStep, ExpectedTimes, RunState } from './estimate.ts';

/** The parts of a pipeline that an estimate needs beside the records of a run. */
export interface KnownGraph {
  /** By step. */
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
  readonly expected: ExpectedTimes;
}

/** The state of a run as its report shows it. */
export function stateOfReport(
  { started_at, steps }: RunReport,
  { dependencies, expected }: KnownGraph,
  now: number,
): RunState {
  const after = new Map(Object.entries(dependencies));
  return {
    startedAt: Date.parse(started_at),
    now,
    expectedMs: expected.run,
    steps: steps.map((step) => ({
      ...stateOfStep(step),
      dependencies: after.get(step.step) ?? [],
      expectedMs: expected.steps.get(step.step) ?? null,
    })),
  };
}

function stateOfStep({
  step,
  outcome,
  started_at,
  ended_at,
  progress,
}: StepReport): Omit<EstimatedStep, 'dependencies' | 'expectedMs'> {
  return {
    name: step,
    state: outcome !== 'pending' ? 'ended' : started_at !== null ? 'running' : 'pending',
    startedAt: started_at === null ? null : Date.parse(started_at),
    endedAt: ended_at === null ? null : Date.parse(ended_at),
    worked: outcome === 'succeeded',
    progress: progress ? { done: progress.done, total: progress.total } : null,
  };
}
