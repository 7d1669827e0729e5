import { rememberedStart } from '../local/remembered-start.ts';
import type { RunReport } from '../operate/run-report.ts';
import { startOn } from '../operate/start-run.ts';
import { FolderObjectStore } from '../ports/folder-object-store.ts';
import { readExecutions } from '../runtime/execution-number.ts';
import type { Context } from './context.ts';
import { dataToResume } from './data-option.ts';
import { type Followed, follow } from './follow.ts';
import { loadRunnable, runWatched } from './run-watched.ts';
import { unknownRun } from './unknown-run.ts';

/** Gives what resumes a run of this pipeline on this machine, with the environment and source data of its last start, and waits for its end. */
export async function resumeHere(
  wanted: string,
  storeFolder: string,
  context: Context,
): Promise<(runId: string) => Promise<RunReport>> {
  const asTyped = await loadRunnable(wanted, context);
  const { name } = asTyped.plan;
  const store = new FolderObjectStore(storeFolder);
  return async (runId) => {
    const run = { pipeline: name, run_id: runId };
    const history = await readExecutions(store, run);
    const remembered = await rememberedStart(storeFolder, run, history);
    const environment = context.environment ?? remembered?.environment ?? null;
    const same = environment === context.environment;
    const pipeline = same ? asTyped : await loadRunnable(wanted, context, environment);
    const setup = pipeline.plan.localSetup;
    const data = await dataToResume(null, remembered?.data ?? null, { setup, context });
    const input = { daybreak: { run_id: runId, after: history.length } };
    return runWatched(context, pipeline, { pipeline, root: context.root, storeFolder, input, data, environment });
  };
}

/** Resumes a run of a deployed pipeline, with the definition that is deployed now, and follows it to its end. */
export async function resumeThere(
  { place, ...followed }: Omit<Followed, 'started'>,
  context: Context,
): Promise<RunReport> {
  const run = { pipeline: followed.pipeline.name, run_id: followed.runId };
  if (!place.deployed) throw new Error('only a deployed pipeline is resumed from afar');
  const started = await startOn(place.deployed.machine, { runId: run.run_id });
  const report = await follow({ ...followed, place, started }, context);
  if (!report) throw await unknownRun(run, place);
  return report;
}
