import type { DeadlineRecord } from '../../contract/events/deadline-record.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import type { RunEstimate } from '../estimate/estimate.ts';
import { estimateRun } from '../estimate/estimate-run.ts';
import { readHistory } from '../estimate/read-history.ts';
import { type KnownGraph, stateOfReport } from '../estimate/state-of-report.ts';
import type { RunReport } from '../runs/run-report.ts';
import { readDeadlines } from './keep-deadlines.ts';

/** The future of a run: when it will end, and what was promised. */
export interface Outlook {
  /** Null for a run that has ended, and for one of which no step is known. */
  readonly estimate: RunEstimate | null;
  /** Of the run's scheduled start: that of the whole run first. Empty for a run without a deadline, and before the first look. */
  readonly deadlines: readonly DeadlineRecord[];
}

/** Reads the deadlines of a run and, while it runs, estimates its end: two requests. */
export async function readOutlook(
  store: ObjectStore,
  report: RunReport,
  { graph, now }: { readonly graph: KnownGraph; readonly now: number },
): Promise<Outlook> {
  const state = await readDeadlines(store, report.pipeline);
  const own = state?.deadlines.filter(({ run_id }) => run_id === report.run_id) ?? [];
  const deadlines = [...own].sort((one, other) => (one.step ?? '').localeCompare(other.step ?? ''));
  const isOpen = report.status === 'RUNNING' && report.steps.some(({ outcome }) => outcome === 'pending');
  if (!isOpen) return { estimate: null, deadlines };
  const history = await readHistory(store, report.pipeline);
  return { estimate: estimateRun(stateOfReport(report, graph, now), history), deadlines };
}
