import type { JsonObject } from '../../contract/json.ts';
import type { RunReport } from '../../operate/runs/run-report.ts';
import type { Context } from '../context.ts';
import type { ValidPipeline } from '../load.ts';
import { decisionsJson, decisionsLine } from '../render/decisions-table.ts';
import { renderRun } from '../render/run/render-run.ts';
import { reportJson } from '../render/run/report-json.ts';
import { prepareHere } from '../resume/resume-here.ts';
import { dataOf } from '../typed/data-option.ts';
import { openPlace } from '../typed/place.ts';
import { localFolder } from '../typed/store-option.ts';
import { runWatched } from '../watch/run-watched.ts';

/** Options of `dev` as they were typed. */
export interface DevOptions {
  readonly wanted: string;
  readonly input: JsonObject | null;
  readonly data: string | null;
  readonly store: string | null;
}

/** The result of one round, for people and for programs. `report` is null if nothing had to run. */
export interface DevRound {
  readonly report: RunReport | null;
  readonly text: string;
  readonly json: JsonObject;
}

/** Starts the run, or resumes it with what has changed. */
export async function devRound(
  pipeline: ValidPipeline,
  { wanted, input, data, store }: DevOptions,
  last: RunReport | null,
  context: Context,
): Promise<DevRound> {
  if (last) return again(last, { wanted, input: null, data, store }, context);
  const report = await runWatched(context, pipeline, {
    pipeline,
    root: context.root,
    storeFolder: localFolder(store, context),
    input,
    data: await dataOf(data, pipeline.plan.localSetup, context),
    environment: context.environment,
  });
  return { report, text: renderRun(report, store, context), json: reportJson(report) };
}

async function again(last: RunReport, { wanted, data, store }: DevOptions, context: Context): Promise<DevRound> {
  const option = (name: string): string | null => (name === 'store' ? store : null);
  const place = await openPlace({ args: [], option, flag: () => false }, context);
  const typed = { wanted, runId: last.run_id, place, input: null, from: [], data };
  const { assessment, start } = await prepareHere(typed, context);
  const decisions = decisionsJson(assessment.steps);
  const nothing = last.status === 'SUCCEEDED' && assessment.steps.every(({ decision }) => decision === 'reuse');
  if (nothing) return { report: null, text: 'No step is affected.', json: { run_id: last.run_id, decisions } };
  if (!context.json) context.io.stderr.write(`${decisionsLine(assessment.steps)}\n`);
  const report = await start();
  return { report, text: renderRun(report, store, context), json: { ...reportJson(report), decisions } };
}
