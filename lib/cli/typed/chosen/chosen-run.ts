import { isRunId } from '../../../contract/object-keys.ts';
import { didYouMean } from '../../../diagnostics/did-you-mean.ts';
import { listRuns } from '../../../operate/runs/list-runs.ts';
import { readRun } from '../../../operate/runs/read-run.ts';
import type { RunReport } from '../../../operate/runs/run-report.ts';
import type { KnownPipeline } from '../pipeline-ref.ts';
import type { Place } from '../place.ts';
import { UsageError } from '../usage-error.ts';
import { unknownRun } from './unknown-run.ts';

/** The run that a person names; the newest run without a name. An unknown run is a UsageError. */
export async function chosenRun(pipeline: KnownPipeline, wanted: string | null, place: Place): Promise<RunReport> {
  const runId = wanted ?? (await listRuns(pipeline.name, place, 1)).runs[0]?.run_id;
  if (runId === undefined) throw new UsageError(`pipeline "${pipeline.name}" has no runs in ${place.store.url}`);
  const report = isRunId(runId) ? await readRun(place.store, pipeline, runId, place.executions) : null;
  if (!report) throw await unknownRun({ pipeline: pipeline.name, run_id: runId }, place);
  return report;
}

/** The run and the step of `[run] [step]`: a single word is a run, or else a step of the newest run. */
export async function chosenStep(
  pipeline: KnownPipeline,
  words: readonly string[],
  place: Place,
): Promise<{ readonly report: RunReport; readonly step: string | null }> {
  const [first = null, second = null] = words;
  if (first !== null && second === null) {
    const newest = await chosenRun(pipeline, null, place).catch(() => null);
    const names = newest?.steps.map(({ step }) => step) ?? [];
    if (newest && names.includes(first)) return { report: newest, step: first };
    const meant = didYouMean(first, names);
    if (meant !== '')
      throw new UsageError(`pipeline "${pipeline.name}" has neither a run nor a step "${first}"${meant}`);
  }
  const report = await chosenRun(pipeline, first, place);
  const names = report.steps.map(({ step }) => step);
  if (second !== null && !names.includes(second))
    throw new UsageError(
      `pipeline "${pipeline.name}" has no step "${second}"${didYouMean(second, names)} (the steps are: ${names.join(', ')})`,
    );
  return { report, step: second };
}
