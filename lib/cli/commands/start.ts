import { startOn } from '../../operate/runs/start-run.ts';
import type { Answer, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { moment } from '../render/format.ts';
import { runAnswer } from '../render/run/run-answer.ts';
import { commandLine } from '../typed/command-line.ts';
import { openPlace, pipelineIn } from '../typed/place.ts';
import { readInput } from '../typed/read-json.ts';
import { UsageError } from '../typed/usage-error.ts';
import { follow } from '../watch/follow.ts';

/** Starts a run of a deployed pipeline. */
export async function start({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const place = await openPlace({ args, option, flag }, context);
  if (!place.deployed)
    throw new UsageError(
      'start needs a deployed pipeline: add --deployed or --stack <name>; `run` runs a pipeline on this machine',
    );
  const pipeline = await pipelineIn(place, args[0] ?? '', context);
  const input = await readInput(option('input'), context);
  const name = option('name');
  const started = await startOn(place.deployed.machine, { input: input ?? {}, ...(name !== null && { name }) });
  if (flag('watch')) {
    const report = await follow({ pipeline, place, runId: started.run_id, started }, context);
    if (report) return runAnswer(report, place.typed, context);
  }
  const { paint } = context;
  const watch = commandLine(['status', pipeline.name, started.run_id, '--watch'], place.typed, context);
  return {
    exitCode: 0,
    json: { pipeline: pipeline.name, ...started },
    text: [
      `${paint(pipeline.name, 'bold')} started at ${moment(started.started_at)} UTC`,
      `  run ${paint(started.run_id)}`,
      `  execution ${paint(started.execution_arn)}`,
      '',
      `Follow it: ${paint(watch, 'cyan')}`,
    ].join('\n'),
  };
}
