import type { Failure } from '../../../contract/records/failure.ts';
import type { RunReport } from '../../../operate/runs/run-report.ts';
import type { Context } from '../../context.ts';
import type { TypedPlace } from '../../typed/command-line.ts';
import { failureLines } from '../failure-text.ts';
import { between, counted, duration, moment } from '../format.ts';
import { statusStyle } from '../outcome-style.ts';
import { describeChecks } from './check-findings.ts';
import { describeFailures } from './describe-failures.ts';
import { describeVouched } from './describe-vouched.ts';
import { damagedRecords, describeResults } from './results.ts';
import { stepsTable } from './steps-table.ts';

/** A run in full: status, steps, locations of results, dead letters. `outlook`: lines about its end and its deadlines. */
export function renderRun(
  report: RunReport,
  place: TypedPlace,
  context: Context,
  outlook: readonly string[] = [],
): string {
  const { paint, table } = context;
  const now = Date.now();
  return [
    headline(report, now, context),
    ...outlook.map((line) => `  ${line}`),
    ...(report.failure ? failureLines(withoutSteps(report), paint) : []),
    '',
    stepsTable(report, now, table),
    ...describeVouched(report, context),
    ...describeFailures(report, place, context),
    ...describeChecks(report, context),
    ...describeResults(report, place, context),
    ...(report.damaged.length > 0 ? ['', paint('Damaged records', 'bold')] : []),
    ...damagedRecords(report.damaged, { pipeline: report.pipeline, place }, context),
  ].join('\n');
}

/** Failures of steps have their section below. */
function withoutSteps({ failure }: RunReport): Failure {
  const { error, cause } = failure ?? { error: '', cause: '' };
  return {
    ...failure,
    error,
    cause: cause
      .split('\n')
      .filter((line) => !/^- \S+ failed: /.test(line))
      .join('\n'),
  };
}

function headline(report: RunReport, now: number, { paint }: Context): string {
  const end = report.ended_at ?? (report.status === 'RUNNING' ? new Date(now).toISOString() : null);
  const taken = between(report.started_at, end);
  const how = taken === null ? '' : report.status === 'RUNNING' ? ` for ${duration(taken)}` : ` in ${duration(taken)}`;
  const which = report.execution > 1 ? `, execution ${report.execution}` : '';
  const letters = report.dead_letters.length;
  return [
    `${paint(report.pipeline, 'bold')} ${paint(report.status, statusStyle(report.status))}${how}`,
    `  run ${paint(report.run_id)}${which}`,
    `  started ${moment(report.started_at)} UTC${letters > 0 ? `, ${counted(letters, 'dead letter')}` : ''}`,
    ...trialLines(report).map((line) => `  ${paint(line, 'yellow')}`),
  ].join('\n');
}

/** A trial must not look like a run of the whole pipeline. */
function trialLines({ trial, origin, store }: RunReport): string[] {
  if (!trial) return [];
  const from = origin && `run ${origin.run_id}${origin.store === store ? '' : ` in ${origin.store}`}`;
  const results = from ? `, with results of ${from}` : '';
  return [
    `${trial.only ? `only ${trial.only.join(', ')}${results}` : `a fork of ${from}`}; it counts for nothing else`,
  ];
}
