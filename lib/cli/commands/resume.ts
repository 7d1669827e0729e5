import type { Answer, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { decisionsJson, decisionsLine, decisionsTable } from '../render/decisions-table.ts';
import { runAnswer } from '../render/run/run-answer.ts';
import { prepareDeployed } from '../resume/resume-deployed.ts';
import { prepareHere } from '../resume/resume-here.ts';
import type { PreparedResume } from '../resume/resume-request.ts';
import { commandLine } from '../typed/command-line.ts';
import { openPlace } from '../typed/place.ts';
import { readInput } from '../typed/read-json.ts';

/** Resumes a run with the current pipeline. Steps that succeeded and have not changed are reused. */
export async function resume({ args, option, list, flag }: Invocation, context: Context): Promise<Answer> {
  const [wanted = '', runId = ''] = args;
  const place = await openPlace({ args, option, flag }, context);
  const request = {
    wanted,
    runId,
    place,
    input: await readInput(option('input'), context),
    from: list('from'),
    data: option('data'),
  };
  const prepared = await (place.deployed ? prepareDeployed : prepareHere)(request, context);
  const input = option('input');
  const typed = [...(request.from.length > 0 ? ['--from', ...request.from] : []), ...(input ? ['--input', input] : [])];
  if (flag('dryRun')) {
    const again = commandLine(['resume', wanted, runId, ...typed], place.typed, context);
    return planned(prepared, again, context);
  }
  if (!context.json) context.io.stdout.write(`${describe(prepared, context)}\n\n`);
  const ended = runAnswer(await prepared.start(), place.typed, context);
  const answer = prepared.tell ? await prepared.tell(ended, flag('sendAlerts')) : ended;
  return { ...answer, json: { ...answer.json, decisions: decisionsJson(prepared.assessment.steps) } };
}

const planned = (prepared: PreparedResume, again: string, context: Context): Answer => ({
  exitCode: 0,
  json: {
    ...prepared.run,
    dry_run: true,
    input: prepared.assessment.input,
    decisions: decisionsJson(prepared.assessment.steps),
  },
  text: `${describe(prepared, context)}\n\nNothing was started. To resume: ${context.paint(again, 'cyan')}`,
});

const describe = ({ run, assessment: { steps } }: PreparedResume, context: Context): string =>
  [
    `${context.paint(run.pipeline, 'bold')} run ${context.paint(run.run_id)}: ${decisionsLine(steps)}`,
    '',
    decisionsTable(steps, context),
  ].join('\n');
