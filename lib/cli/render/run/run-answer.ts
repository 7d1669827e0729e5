import type { RunReport } from '../../../operate/runs/run-report.ts';
import type { Answer } from '../../command.ts';
import type { Context } from '../../context.ts';
import type { TypedPlace } from '../../typed/command-line.ts';
import { renderRun } from './render-run.ts';
import { reportJson } from './report-json.ts';

/** The answer of a command that followed a run to its end or to an interrupt. */
export function runAnswer(report: RunReport, place: TypedPlace, context: Context): Answer {
  const exitCode = report.status === 'SUCCEEDED' ? 0 : (context.interrupted ?? 1);
  return {
    exitCode,
    json: { ...reportJson(report), exit: { code: exitCode, status: report.status } },
    text: renderRun(report, place, context),
  };
}
