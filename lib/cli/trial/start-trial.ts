import { pathToFileURL } from 'node:url';
import type { JsonObject } from '../../contract/json.ts';
import type { RunRef } from '../../contract/object-keys.ts';
import type { RunOptions } from '../../offline/engine/run-options.ts';
import { runPipeline } from '../../offline/engine/run-pipeline.ts';
import type { RunReport } from '../../operate/runs/run-report.ts';
import { executionName } from '../../operate/runs/start-run.ts';
import { makeTrial, type TrialOptions } from '../../operate/trial/make-trial.ts';
import { openStore } from '../../ports/open-store.ts';
import type { Context } from '../context.ts';
import type { ValidPipeline } from '../load.ts';
import { watched } from '../watch/run-watched.ts';

/** A trial that is about to start. */
export interface TrialStart extends Pick<TrialOptions, 'original' | 'trial' | 'taken'> {
  readonly pipeline: ValidPipeline;
  /** First word of the new run's id. */
  readonly kind: 'fork' | 'only';
  readonly storeFolder: string;
  /** A new input, or null: that of the original run. */
  readonly input: JsonObject | null;
  /** Steps that run although nothing has changed. */
  readonly from: readonly string[];
  readonly data: string | null;
  readonly environment: string | null;
  /** The handlers that wait for a debugger; null: all. Absent: none. */
  readonly inspect?: readonly string[] | null;
}

/** Makes a trial and runs it on this machine with a display. The history of whole runs says nothing about when it ends. */
export async function startTrial(start: TrialStart, context: Context): Promise<RunReport> {
  const { pipeline, storeFolder, original, trial, taken, input, from, data, environment, inspect } = start;
  const now = Date.now();
  const run: RunRef = { pipeline: pipeline.plan.name, run_id: `${start.kind}-${executionName(now)}` };
  const store = await openStore(pathToFileURL(storeFolder).href, context.io.env);
  const after = await makeTrial({ original, store, run, trial, taken, now });
  const daybreak = {
    run_id: run.run_id,
    after,
    ...(from.length > 0 && { from: [...from] }),
  };
  const options: Omit<RunOptions, 'onProgress' | 'signal'> = {
    pipeline,
    root: context.root,
    storeFolder,
    // A run that takes over an input keeps it; the other begins with what `local.setup` proposes.
    ...(original ? { input: { ...input, daybreak } } : { input, daybreak }),
    data,
    environment,
    ...(inspect !== undefined && { inspect }),
  };
  return watched(context, pipeline, (watching) => runPipeline({ ...options, ...watching }));
}
