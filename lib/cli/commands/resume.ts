import type { Answer, Command } from '../command.ts';
import type { Context } from '../context.ts';
import { decisionsJson, decisionsLine, decisionsTable } from '../render/decisions-table.ts';
import { runAnswer } from '../render/run-answer.ts';
import { prepareDeployed } from '../resume/resume-deployed.ts';
import { prepareHere } from '../resume/resume-here.ts';
import type { PreparedResume } from '../resume/resume-request.ts';
import { commandLine } from '../typed/command-line.ts';
import { openPlace, placeOptions } from '../typed/place.ts';
import { readInput } from '../typed/read-json.ts';

/** Resumes a run with the current pipeline. Steps that succeeded and have not changed are reused. */
export const resume: Command = {
  name: 'resume',
  arguments: '<pipeline> <run>',
  summary: 'continue a run: run again what failed or changed, reuse the rest',
  options: [
    ['--from <step...>', 'steps to run again although nothing has changed'],
    ['--dry-run', 'show what would be done, and why; start nothing'],
    ['--input <json>', 'new input as JSON, or @file (default: that of the run)'],
    ['--data <csv>', 'source data (default: that of the run)'],
    ...placeOptions,
  ],
  async run({ args, option, list, flag }, context) {
    const [wanted = '', runId = ''] = args;
    const place = await openPlace(option, context);
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
    const typed = [
      ...(request.from.length > 0 ? ['--from', ...request.from] : []),
      ...(input ? ['--input', input] : []),
    ];
    if (flag('dryRun')) {
      const again = commandLine(['resume', wanted, runId, ...typed], place.typed, context);
      return planned(prepared, again, context);
    }
    if (!context.json) context.io.stdout.write(`${describe(prepared, context)}\n\n`);
    const answer = runAnswer(await prepared.start(), place.typed, context);
    return { ...answer, json: { ...answer.json, decisions: decisionsJson(prepared.assessment.steps) } };
  },
};

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
