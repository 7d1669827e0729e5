import type { RunContext } from '../../contract/payloads.ts';
import type { ExecutionEnd } from '../../contract/records/execution.ts';
import type { RunSizes } from '../../contract/records/history.ts';
import type { Outcome, Span } from '../../contract/records/outcome.ts';
import type { FinalStep } from '../../contract/resolve-event.ts';
import { spanOf } from '../records/outcomes.ts';
import type { Settled } from './read-all-outcomes.ts';

/** An execution that has ended. `steps` gives the dependencies, where they are known. */
export interface Ended {
  readonly end: ExecutionEnd;
  readonly outcomes: readonly (Outcome | Settled)[];
  readonly steps?: readonly FinalStep[];
}

/** The figures of an execution, and of each step whose handler began in it. */
export interface MeasuredRun {
  readonly sizes: RunSizes;
  readonly steps: ReadonlyMap<string, RunSizes>;
}

/** Measures an execution by its settled outcomes: called twice, it gives the same figures. */
export function measureRun(run: Pick<RunContext, 'started_at'>, { end, outcomes, steps = [] }: Ended): MeasuredRun {
  const spans = spansOf(outcomes, () => true);
  const dependencies = new Map(steps.map(({ name, dependencies: before = [] }) => [name, before]));
  const runStart = Date.parse(run.started_at);
  const measured = [...spans].map(([name, [started, ended, attempts, rows, bytes]]) => {
    // A step that reused its result has no span: it held no one up in this execution.
    const ends = (dependencies.get(name) ?? []).map((before) => spans.get(before)?.[1] ?? runStart);
    const ready = dependencies.has(name) ? Math.max(runStart, ...ends) : started;
    const sizes: RunSizes = {
      seconds: secondsBetween(started, ended),
      rows,
      bytes,
      attempts,
      retries: Math.max(0, attempts - 1),
      wait_seconds: secondsBetween(ready, started),
    };
    return [name, sizes] as const;
  });
  const sum = (field: keyof RunSizes): number => measured.reduce((total, [, sizes]) => total + sizes[field], 0);
  return {
    sizes: {
      seconds: secondsBetween(runStart, Date.parse(end.ended_at)),
      rows: sum('rows'),
      bytes: sum('bytes'),
      attempts: sum('attempts'),
      retries: sum('retries'),
      wait_seconds: Math.round(sum('wait_seconds') * 1000) / 1000,
    },
    steps: new Map(measured),
  };
}

/** The spans of steps whose handlers began, where the outcome is wanted; those of ancestors that were not read stand in the outcomes behind them. */
export function spansOf(
  outcomes: readonly (Outcome | Settled)[],
  isWanted: (outcome: Outcome) => boolean,
): Map<string, Span> {
  const whole = outcomes.filter((outcome): outcome is Outcome => 'ended_at' in outcome);
  const own = whole.filter(isWanted).flatMap(({ step, started_at, ended_at, attempts, made }): [string, Span][] => {
    const span = spanOf({ startedAt: started_at, endedAt: ended_at, attempts }, { datasets: made?.datasets ?? {} });
    return span ? [[step, span]] : [];
  });
  return new Map([...own, ...whole.flatMap(({ spans }) => Object.entries(spans ?? {}))]);
}

/** Never negative: two machines' clocks may differ. */
const secondsBetween = (from: number, to: number): number => Math.max(0, to - from) / 1000;
