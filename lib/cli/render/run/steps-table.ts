import type { RunReport, StepReport } from '../../../operate/runs/run-report.ts';
import { between, count, duration } from '../format.ts';
import { outcomeStyle } from '../outcome-style.ts';
import { renderTable, type TableStyle } from '../render-table.ts';

/** The steps of a run: how each ended, and when. */
export function stepsTable(report: RunReport, now: number, table: TableStyle): string {
  const columns = [
    { title: 'step' },
    { title: 'outcome' },
    { title: 'attempts', align: 'right', drop: 2 },
    { title: 'start', align: 'right', drop: 3 },
    { title: 'duration', align: 'right' },
    { title: 'rows', align: 'right', drop: 1 },
  ] as const;
  const rows = report.steps.map((step) => {
    const state = stateOf(step, report.status);
    const { symbol, style } = outcomeStyle(state);
    const offset = between(report.started_at, step.started_at);
    return [
      step.step,
      { text: `${symbol} ${state}`, style },
      step.attempts === 0 ? '-' : String(step.attempts),
      offset === null ? '-' : `+${duration(offset)}`,
      durationOf(step, state, now),
      rowsOf(step),
    ];
  });
  return renderTable(columns, rows, table);
}

/** A pending step is running if its handler has started and the execution is still running. */
const stateOf = ({ outcome, started_at }: StepReport, status: RunReport['status']): string =>
  outcome !== 'pending' || started_at === null ? outcome : status === 'RUNNING' ? 'running' : 'interrupted';

function durationOf({ started_at, ended_at }: StepReport, state: string, now: number): string {
  const taken = between(started_at, state === 'running' ? new Date(now).toISOString() : ended_at);
  return taken === null ? '-' : duration(taken);
}

function rowsOf({ datasets }: StepReport): string {
  const sizes = Object.values(datasets).map(({ rows }) => rows);
  return sizes.length === 0 ? '-' : count(sizes.reduce((sum, rows) => sum + rows, 0));
}
