import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { JsonObject } from '../contract/json.ts';
import type { Command } from './command.ts';
import type { Context } from './context.ts';
import { readJsonOption } from './read-json.ts';
import { runAnswer } from './run-answer.ts';
import { loadRunnable, localFolder, runWatched } from './run-watched.ts';
import { UsageError } from './usage-error.ts';

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
      input: await inputOf(option('input'), context),
      data: await dataOf(option('data'), pipeline.plan.localSetup, context),
    });
    return runAnswer(report, option('store'), context);
  },
};

async function inputOf(option: string | null, { io }: Context): Promise<JsonObject | null> {
  if (option === null) return null;
  const input = await readJsonOption(option, '--input', io.cwd);
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input;
  throw new UsageError('--input must be a JSON object, such as {"date":"2026-01-31"}');
}

async function dataOf(option: string | null, setup: string | null, { io }: Context): Promise<string | null> {
  if (option === null) return null;
  if (setup === null) throw new UsageError('--data: this pipeline has no local.setup that could read it');
  const path = resolve(io.cwd, option);
  if (!(await stat(path)).isFile()) throw new UsageError(`--data "${option}" is not a file`);
  return path;
}
