import { historyKey } from '../../contract/object-keys.ts';
import type { RunContext } from '../../contract/payloads.ts';
import type { ExecutionEnd } from '../../contract/records/execution.ts';
import type { RunHistory, RunSummary } from '../../contract/records/history.ts';
import type { Outcome, Span } from '../../contract/records/outcome.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { spanOf } from '../records/outcomes.ts';
import { swapJson } from '../records/swap-json.ts';
import type { Settled } from './read-all-outcomes.ts';

/** A month of nightly runs: enough for the spread of durations, and few enough that old ones do not hide a change. */
const mostRuns = 30;

interface Ended {
  readonly end: ExecutionEnd;
  readonly outcomes: readonly (Outcome | Settled)[];
}

/** Adds an execution to the pipeline's history, once. The history serves estimates alone, so a fault of the store does not reach the run. */
export async function keepSummary(store: ObjectStore, run: RunContext, ended: Ended): Promise<void> {
  const summary = summaryOf(run, ended);
  if (Object.keys(summary.steps).length === 0) return;
  try {
    await swapJson<RunHistory, null>(store, historyKey(run.pipeline), (history) => {
      const runs = history?.runs ?? [];
      const isKept = runs.some((one) => one.run_id === run.run_id && one.execution === run.execution);
      return isKept ? { answer: null } : { write: { runs: [summary, ...runs].slice(0, mostRuns) }, answer: null };
    });
  } catch {
    // The next execution writes the history again, without this one.
  }
}

function summaryOf(run: RunContext, { end, outcomes }: Ended): RunSummary {
  const whole = outcomes.filter((outcome): outcome is Outcome => 'ended_at' in outcome);
  const own = whole.flatMap(({ step, outcome, started_at, ended_at, attempts, made }): [string, Span][] => {
    if (outcome !== 'succeeded') return [];
    const span = spanOf({ startedAt: started_at, endedAt: ended_at, attempts }, { datasets: made?.datasets ?? {} });
    return span ? [[step, span]] : [];
  });
  const steps = Object.assign(Object.fromEntries(own), ...whole.map(({ spans }) => spans)) as RunSummary['steps'];
  const { run_id, execution, started_at } = run;
  return { run_id, execution, status: end.status, started_at, ended_at: end.ended_at, steps };
}
