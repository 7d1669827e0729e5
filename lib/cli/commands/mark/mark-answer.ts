import type { Vouched } from '../../../operate/vouch/vouch-for-step.ts';
import type { Answer } from '../../command.ts';
import type { Context } from '../../context.ts';
import { counted, moment } from '../../render/format.ts';
import { commandLine, type TypedPlace } from '../../typed/command-line.ts';

/** The answer of `mark`: what is recorded, the letters that it settles, and the command that reuses it. */
export function markAnswer({ manifest, changed, settled }: Vouched, place: TypedPlace, context: Context): Answer {
  const { paint } = context;
  const { pipeline, run_id, step, execution, result, vouched } = manifest;
  const resume = commandLine(['resume', pipeline, run_id], place, context);
  const dryRun = commandLine(['resume', pipeline, run_id, '--dry-run'], place, context);
  const who = `${paint(vouched.by)} vouches for it since ${moment(vouched.at)} UTC: ${paint(vouched.reason)}`;
  return {
    exitCode: 0,
    json: {
      pipeline,
      run_id,
      execution,
      step,
      result,
      vouched: { ...vouched },
      changed,
      settled: [...settled],
      resume,
    },
    text: [
      `${paint(pipeline, 'bold')} run ${paint(run_id)} ${paint(step, 'bold')}: ${who}`,
      ...(changed ? [] : ['It was recorded before; nothing was changed.']),
      ...(settled.length > 0 ? [`${counted(settled.length, 'dead letter')} settled.`] : []),
      '',
      `See what a resume would do: ${paint(dryRun, 'cyan')}`,
      `Continue the run: ${paint(resume, 'cyan')}`,
    ].join('\n'),
  };
}
