import type { RunReport } from '../../../operate/runs/run-report.ts';
import type { StopResult } from '../../../operate/runs/stop-execution.ts';
import type { Answer } from '../../command.ts';
import type { Context } from '../../context.ts';
import { statusStyle } from '../../render/outcome-style.ts';
import { renderRun } from '../../render/run/render-run.ts';
import { reportJson } from '../../render/run/report-json.ts';
import { commandLine } from '../../typed/command-line.ts';
import type { Place } from '../../typed/place.ts';

/** The answer of `stop`: what is recorded of the run, and the command that continues it. */
export function stopAnswer(result: StopResult, report: RunReport, place: Place, context: Context): Answer {
  const { paint, interrupted } = context;
  const { pipeline, run_id } = report;
  // A stop that reaches Step Functions before the store has the execution.
  const status = result === 'unrecorded' && report.status === 'RUNNING' ? 'ABORTED' : report.status;
  const resume = commandLine(['resume', pipeline, run_id], place.typed, context);
  const watch = commandLine(['status', pipeline, run_id, '--watch'], place.typed, context);
  const shown = { run_id, status };
  const next = result === 'running' ? `Follow it: ${paint(watch, 'cyan')}` : `Continue it: ${paint(resume, 'cyan')}`;
  const lines = [
    `${paint(pipeline, 'bold')} run ${paint(run_id)} ${paint(status, statusStyle(status))}: ${sentence(result, shown)}`,
    ...(result === 'stopped' ? ['', renderRun(report, place.typed, context)] : []),
    ...(status === 'SUCCEEDED' ? [] : ['', next]),
  ];
  return {
    exitCode: interrupted ?? (result === 'running' ? 1 : 0),
    json: {
      ...reportJson({ ...report, status }),
      stopped: (result === 'stopped' || result === 'unrecorded') && status === 'ABORTED',
      recorded: result !== 'unrecorded' && result !== 'running',
      resume: status === 'SUCCEEDED' ? null : resume,
    },
    text: lines.join('\n'),
  };
}

function sentence(result: StopResult, { status }: Pick<RunReport, 'status'>): string {
  if (result === 'idle') return 'it had ended before; nothing was changed';
  if (result === 'running') return 'it was asked to stop, and still works';
  if (result === 'unrecorded')
    return 'Step Functions has stopped it; its end is not in the store yet, and Reconcile writes it within minutes, or at the hourly sweep';
  return status === 'ABORTED' ? 'it is stopped, and its end is recorded' : 'it ended before the stop reached it';
}
