import { isRunId } from '../../../contract/object-keys.ts';
import { interruptRun } from '../../../offline/engine/interrupt-run.ts';
import { readRun } from '../../../operate/runs/read-run.ts';
import type { RunReport } from '../../../operate/runs/run-report.ts';
import { type StopWait, stopExecution } from '../../../operate/runs/stop-execution.ts';
import { unrecordedReport, unrecordedRun } from '../../../operate/runs/unrecorded-run.ts';
import { SystemClock } from '../../../ports/system-clock.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { unknownRun } from '../../typed/chosen/unknown-run.ts';
import type { KnownPipeline } from '../../typed/pipeline-ref.ts';
import { openPlace, type Place, pipelineIn } from '../../typed/place.ts';
import { localFolder } from '../../typed/store-option.ts';
import { UsageError } from '../../typed/usage-error.ts';
import { stopAnswer } from './stop-answer.ts';

/** Milliseconds: a step's processes end within seconds, and EventBridge tells Reconcile within seconds. */
const mostMs = 60_000;
const everyMs = { local: 250, remote: 1_000 };

/** Characters. The end of a run has to fit an event of EventBridge. */
const longestReason = 1_000;

/** Stops the execution that works on a run, here or deployed, and shows what is recorded of it. A run that has ended stays as it is. */
export async function stop({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const reason = reasonOf(option('reason'));
  const place = await openPlace({ args, option, flag }, context);
  const pipeline = await pipelineIn(place, args[0] ?? '', context);
  const run = { pipeline: pipeline.name, run_id: args[1] ?? '' };
  if (!isRunId(run.run_id)) throw await unknownRun(run, place);
  const { deployed } = place;
  const folder = deployed ? null : localFolder(typeof place.typed === 'string' ? place.typed : null, context);
  const before = await reportOf(run.run_id, pipeline, place);
  const aborted = new AbortController();
  const release = context.onInterrupt(() => aborted.abort());
  try {
    const poll = Number(context.io.env.DAYBREAK_POLL_MS) || (deployed ? everyMs.remote : everyMs.local);
    const wait: StopWait = { clock: new SystemClock(), everyMs: poll, mostMs, signal: aborted.signal };
    const result = deployed
      ? await stopExecution(run, reason, deployed, wait)
      : await interruptRun(run, reason, folder ?? '', wait);
    const report = (await recorded(run.run_id, pipeline, place)) ?? before;
    if (!report) throw await unknownRun(run, place);
    return stopAnswer(result, report, place, context);
  } finally {
    release();
  }
}

function reasonOf(option: string | null): string | null {
  const reason = option?.trim().toWellFormed() ?? null;
  if (reason === '') throw new UsageError('--reason is empty: give a text, or leave the option out');
  if (reason !== null && reason.length > longestReason)
    throw new UsageError(`--reason has ${reason.length} characters; at most ${longestReason} are allowed`);
  return reason;
}

const recorded = (runId: string, pipeline: KnownPipeline, { store, executions }: Place): Promise<RunReport | null> =>
  readRun(store, pipeline, runId, executions);

/** The report of the run; of a deployed one also before Prepare has begun it. */
async function reportOf(runId: string, pipeline: KnownPipeline, place: Place): Promise<RunReport | null> {
  const { deployed, store } = place;
  const started = deployed && (await unrecordedRun({ pipeline: pipeline.name, run_id: runId }, deployed));
  if (!started) return recorded(runId, pipeline, place);
  return unrecordedReport(started, { ...pipeline, store: store.url });
}
