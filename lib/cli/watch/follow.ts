import { readDeadlines } from '../../operate/deadlines/keep-deadlines.ts';
import { readHistory } from '../../operate/estimate/read-history.ts';
import { awaitRecord, type FollowOptions, followRun } from '../../operate/runs/follow-run.ts';
import type { RunReport } from '../../operate/runs/run-report.ts';
import type { StartedRun } from '../../operate/runs/start-run.ts';
import { SystemClock } from '../../ports/system-clock.ts';
import type { Context } from '../context.ts';
import type { KnownPipeline } from '../typed/pipeline-ref.ts';
import type { Place } from '../typed/place.ts';
import { ReportProgress } from './report-progress.ts';
import { type RunWatcher, watchRun } from './watch-run.ts';

/** Milliseconds between looks. A run on this machine costs file reads; a run on AWS costs requests. */
const everyMs = { local: 250, remote: 1_000 };

export interface Followed {
  readonly pipeline: KnownPipeline;
  readonly place: Place;
  readonly runId: string;
  /** The execution that was just started, if any. */
  readonly started: StartedRun | null;
}

/** Follows a run to its end with the display of `run`. An interrupt ends the watching, not the run. Null if there is no such run. */
export async function follow(followed: Followed, context: Context): Promise<RunReport | null> {
  const { pipeline, place, runId, started } = followed;
  const run = { pipeline: pipeline.name, run_id: runId };
  const stop = new AbortController();
  const release = context.onInterrupt(() => stop.abort());
  const options: FollowOptions = {
    store: place.store,
    executions: place.executions,
    clock: new SystemClock(),
    steps: pipeline.steps,
    everyMs: place.deployed ? Number(context.io.env.DAYBREAK_POLL_MS) || everyMs.remote : everyMs.local,
  };
  let watcher: RunWatcher | null = null;
  let progress: ReportProgress | null = null;
  let last: RunReport | null = null;
  try {
    const machine = place.deployed?.machine;
    if (started && machine) await awaitRecord(run, started.execution_arn, { ...options, machine }, stop.signal);
    for await (const report of followRun(run, options, stop.signal)) {
      last = report;
      watcher ??= watchRun(
        { ...viewed(report, pipeline), readyBy: await readyByOf(place, report) },
        context,
        await readHistory(place.store, pipeline.name),
      );
      progress ??= new ReportProgress(watcher.tell);
      progress.report(report);
    }
    return last;
  } finally {
    watcher?.stop();
    release();
  }
}

/** The deadline of the run, once a look has noted it. */
async function readyByOf({ store }: Place, { pipeline, run_id }: RunReport): Promise<number | null> {
  const state = await readDeadlines(store, pipeline);
  const found = state?.deadlines.find((one) => one.run_id === run_id && one.step === null);
  return found ? Date.parse(found.ready_by) : null;
}

/** Without its template, a pipeline has the steps of its records. */
const viewed = ({ pipeline, steps }: RunReport, { dependencies, expected }: KnownPipeline) => ({
  name: pipeline,
  expected,
  steps: steps.map(({ step }) => ({ name: step, dependencies: dependencies[step] ?? [] })),
});
