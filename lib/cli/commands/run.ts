import type { Command } from '../command.ts';
import { runAnswer } from '../render/run-answer.ts';
import { dataOf } from '../typed/data-option.ts';
import { readInput } from '../typed/read-json.ts';
import { loadRunnable, localFolder, runWatched } from '../watch/run-watched.ts';

/** Runs a pipeline on this machine and says where its results are. */
export const run: Command = {
  name: 'run',
  arguments: '<pipeline>',
  summary: 'run a pipeline on this machine',
  options: [
    ['--input <json>', 'input as JSON, or @file'],
    ['--data <csv>', 'source data in place of generated data'],
    ['--store <dir>', 'folder of the store (default: .daybreak/store below the root)'],
  ],
  async run({ args, option }, context) {
    const pipeline = await loadRunnable(args[0] ?? '', context);
    const report = await runWatched(context, pipeline, {
      pipeline,
      root: context.root,
      storeFolder: localFolder(option('store'), context),
      input: await readInput(option('input'), context),
      data: await dataOf(option('data'), pipeline.plan.localSetup, context),
      environment: context.environment,
    });
    return runAnswer(report, option('store'), context);
  },
};
