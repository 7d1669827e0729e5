import { KeptExecutions } from '../local/kept-executions.ts';
import { localFolders } from '../local/local-folders.ts';
import type { RunReport } from '../operate/run-report.ts';
import { startOn } from '../operate/start-run.ts';
import type { Context } from './context.ts';
import { type Followed, follow } from './follow.ts';
import { loadRunnable, runWatched } from './run-watched.ts';
import { unknownRun } from './unknown-run.ts';

/** Gives what resumes a run of this pipeline on this machine, with the source data of its last start, and waits for its end. */
export async function resumeHere(
  wanted: string,
  storeFolder: string,
  context: Context,
): Promise<(runId: string) => Promise<RunReport>> {
  const pipeline = await loadRunnable(wanted, context);
  return async (runId) => {
    const kept = new KeptExecutions(localFolders(storeFolder, pipeline.plan.name).kept);
    const last = (await kept.ofRun({ pipeline: pipeline.plan.name, run_id: runId })).at(-1);
    return runWatched(context, pipeline, {
      pipeline,
      root: context.root,
      storeFolder,
      input: { daybreak: { run_id: runId } },
      data: last?.data ?? null,
    });
  };
}

/** Resumes a run of a deployed pipeline, with the definition that is deployed now, and follows it to its end. */
export async function resumeThere(
  { place, ...followed }: Omit<Followed, 'started'>,
  context: Context,
  from: readonly string[] = [],
): Promise<RunReport> {
  const run = { pipeline: followed.pipeline.name, run_id: followed.runId };
  if (!place.deployed) throw new Error('only a deployed pipeline is resumed from afar');
  const started = await startOn(place.deployed.machine, { runId: run.run_id, from });
  const report = await follow({ ...followed, place, started }, context);
  if (!report) throw await unknownRun(run, place);
  return report;
}
