import { historyKey } from '../../contract/object-keys.ts';
import type { RunContext } from '../../contract/payloads.ts';
import type { RunHistory, RunSummary } from '../../contract/records/history.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { swapJson } from '../records/swap-json.ts';
import { countRun } from './count-run.ts';
import { type Ended, type MeasuredRun, measureRun, spansOf } from './measure-run.ts';

/** A month of nightly runs: enough for the spread of durations, and few enough that old ones do not hide a change. */
const mostRuns = 30;

/**
 * Adds an execution to the pipeline's history and its sums, once. Returns its figures to the caller whose write counted it, and null to every other one. The history serves
 * estimates and metrics alone, so a fault of the store does not reach the run.
 */
export async function keepSummary(store: ObjectStore, run: RunContext, ended: Ended): Promise<MeasuredRun | null> {
  const summary = summaryOf(run, ended);
  const measured = measureRun(run, ended);
  const { status, ended_at } = ended.end;
  try {
    return await swapJson<RunHistory, MeasuredRun | null>(store, historyKey(run.pipeline), (history) => {
      const runs = history?.runs ?? [];
      const isKept = runs.some((one) => one.run_id === run.run_id && one.execution === run.execution);
      // An execution of an earlier version is among the runs, and in no sum.
      const totals = countRun(history?.totals, run, { status, ended_at, sizes: measured.sizes });
      const isShown = isKept || Object.keys(summary.steps).length === 0;
      if (totals === null && isShown) return { answer: null };
      const kept = isShown ? runs : [summary, ...runs].slice(0, mostRuns);
      const sums = totals ?? history?.totals;
      return { write: { runs: kept, ...(sums && { totals: sums }) }, answer: totals && measured };
    });
  } catch {
    // The next execution writes the history again, without this one.
    return null;
  }
}

function summaryOf(run: RunContext, { end, outcomes }: Ended): RunSummary {
  const steps = Object.fromEntries(spansOf(outcomes, ({ outcome }) => outcome === 'succeeded'));
  const { run_id, execution, started_at } = run;
  return { run_id, execution, status: end.status, started_at, ended_at: end.ended_at, steps };
}
