import { pathToFileURL } from 'node:url';
import type { RunSummary } from '../../contract/records/history.ts';
import type { Progress, RunOptions } from '../../offline/engine/run-options.ts';
import { runPipeline } from '../../offline/engine/run-pipeline.ts';
import { expectedTimesOf } from '../../operate/estimate/estimate.ts';
import { readHistory } from '../../operate/estimate/read-history.ts';
import type { RunReport } from '../../operate/runs/run-report.ts';
import { openStore } from '../../ports/open-store.ts';
import type { Context } from '../context.ts';
import { describeFailure } from '../failure.ts';
import { loadValid, type ValidPipeline } from '../load.ts';
import { SetupError } from '../typed/setup-error.ts';
import { UsageError } from '../typed/usage-error.ts';
import { readyByOfStart } from './ready-by-of-start.ts';
import { watchRun } from './watch-run.ts';

/** Loads the pipeline that a person named, for a run. A run needs all handlers, even where compiling does not. */
export async function loadRunnable(
  wanted: string,
  context: Context,
  environment = context.environment,
): Promise<ValidPipeline> {
  if (context.allowMissingHandlers)
    throw new UsageError('a run needs all its handlers: leave --allow-missing-handlers out');
  return loadValid(wanted, context, { environment });
}

/** The facts that are known before a run starts. */
interface Before {
  readonly history: readonly RunSummary[] | null;
  readonly readyBy: number | null;
}

type Prepared = Omit<RunOptions, 'onProgress' | 'signal'>;

/** Runs a pipeline on this machine with a display. */
export async function runWatched(context: Context, pipeline: ValidPipeline, options: Prepared): Promise<RunReport> {
  const store = await openStore(pathToFileURL(options.storeFolder).href, context.io.env).catch(() => null);
  // A store that cannot be read is the run's error, which says more than an estimate.
  const history = store && (await readHistory(store, pipeline.plan.name).catch(() => null));
  const readyBy = readyByOfStart(pipeline.plan, options.input);
  return watched(context, pipeline, (watching) => runPipeline({ ...options, ...watching }), { history, readyBy });
}

/**
 * Shows the progress of `work`. Once the run has started, the first interrupt stops it cleanly and the second kills the process. Before that the first one does: `local.setup` may
 * compute, and a process that computes does not hear.
 */
export async function watched(
  context: Context,
  { plan }: ValidPipeline,
  work: (watching: Pick<RunOptions, 'onProgress' | 'signal'>) => Promise<RunReport>,
  { history, readyBy }: Before = { history: null, readyBy: null },
): Promise<RunReport> {
  const watcher = watchRun({ ...plan, expected: expectedTimesOf(plan), readyBy }, context, history);
  const abort = new AbortController();
  const listening: { release?: () => void } = {};
  const stop = (): void => {
    watcher.announceEnd('stopping the run; interrupt once more to kill it');
    abort.abort();
  };
  const onProgress = (progress: Progress): void => {
    if (progress.type === 'started') listening.release ??= context.onInterrupt(stop);
    watcher.tell(progress);
  };
  try {
    return await work({ signal: abort.signal, onProgress });
  } catch (error) {
    throw listening.release ? error : asSetupError(error, plan.localSetup);
  } finally {
    watcher.stop();
    listening.release?.();
  }
}

/** Before the run starts, only the pipeline's own `local.setup` module runs. Its errors are no bug of Daybreak. */
export function asSetupError(error: unknown, module: string | null): unknown {
  if (module === null || describeFailure(error).code !== 'BUG') return error;
  const text = error instanceof Error ? error.message : String(error);
  return new SetupError(`local.setup "${module}" failed: ${text}`, { cause: error });
}
