import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { JsonObject } from '../contract/json.ts';
import type { Progress, RunOptions } from '../local/run-options.ts';
import { runPipeline } from '../local/run-pipeline.ts';
import type { RunReport } from '../operate/run-report.ts';
import type { Command } from './command.ts';
import type { Context } from './context.ts';
import { describeFailure } from './failure.ts';
import { loadValid, type ValidPipeline } from './load.ts';
import { readJsonOption } from './read-json.ts';
import { renderRun } from './render-run.ts';
import { reportJson } from './report-json.ts';
import { SetupError } from './setup-error.ts';
import { storeFolder } from './store-option.ts';
import { UsageError } from './usage-error.ts';
import { watchRun } from './watch-run.ts';

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
    const report = await watched(context, pipeline, {
      pipeline,
      root: context.root,
      storeFolder: localFolder(option('store'), context),
      input: await inputOf(option('input'), context),
      data: await dataOf(option('data'), pipeline.plan.localSetup, context),
    });
    const exitCode = report.status === 'SUCCEEDED' ? 0 : 1;
    return {
      exitCode,
      json: { ...reportJson(report), exit: { code: exitCode, status: report.status } },
      text: renderRun(report, option('store'), context),
    };
  },
};

/** What compiles with handlers missing still cannot run. */
async function loadRunnable(wanted: string, context: Context): Promise<ValidPipeline> {
  if (context.allowMissingHandlers)
    throw new UsageError('a run needs all its handlers: leave --allow-missing-handlers out');
  return loadValid(wanted, context);
}

function localFolder(option: string | null, context: Context): string {
  if (option !== null && /^[a-z][a-z0-9+.-]+:\/\//i.test(option))
    throw new UsageError(`--store "${option}": a run on this machine needs a folder`);
  return storeFolder(option, context);
}

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

type Prepared = Omit<RunOptions, 'onProgress' | 'signal'>;

/** Runs with a display. The first interrupt stops the run cleanly, the second kills. */
async function watched(context: Context, { plan }: ValidPipeline, options: Prepared): Promise<RunReport> {
  const watcher = watchRun(plan, context);
  const abort = new AbortController();
  let started = false;
  const release = context.io.onInterrupt(() => {
    if (abort.signal.aborted) {
      watcher.stop();
      context.io.kill(130);
      return;
    }
    watcher.say('stopping the run; interrupt once more to kill it');
    abort.abort();
  });
  const onProgress = (progress: Progress): void => {
    started ||= progress.type === 'started';
    watcher.tell(progress);
  };
  try {
    return await runPipeline({ ...options, signal: abort.signal, onProgress });
  } catch (error) {
    throw started ? error : asSetupError(error, plan.localSetup);
  } finally {
    watcher.stop();
    release();
  }
}

/** Before the run starts only the pipeline's own `local.setup` module runs: what it throws is no bug of Daybreak. */
function asSetupError(error: unknown, module: string | null): unknown {
  if (module === null || describeFailure(error).code !== 'BUG') return error;
  const text = error instanceof Error ? error.message : String(error);
  return new SetupError(`local.setup "${module}" failed: ${text}`, { cause: error });
}
