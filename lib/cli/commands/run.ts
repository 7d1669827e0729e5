import { checkInput } from '../../offline/engine/check-input.ts';
import type { Answer, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { refreshTypes } from '../refresh-types.ts';
import { runAnswer } from '../render/run/run-answer.ts';
import { dataOf } from '../typed/data-option.ts';
import { readInput } from '../typed/read-json.ts';
import { localFolder } from '../typed/store-option.ts';
import { loadRunnable, runWatched } from '../watch/run-watched.ts';

/** Runs a pipeline on this machine and shows where its results are. */
export async function run({ args, option }: Invocation, context: Context): Promise<Answer> {
  const pipeline = await loadRunnable(args[0] ?? '', context);
  await refreshTypes([pipeline], context, { all: false });
  const input = await readInput(option('input'), context);
  // A pattern may compute for long; meanwhile an interrupt ends the command.
  if (input) checkInput(pipeline.plan, input);
  const report = await runWatched(context, pipeline, {
    pipeline,
    root: context.root,
    storeFolder: localFolder(option('store'), context),
    input,
    data: await dataOf(option('data'), pipeline.plan.localSetup, context),
    environment: context.environment,
  });
  return runAnswer(report, option('store'), context);
}
