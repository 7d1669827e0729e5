import { isRunId } from '../../contract/object-keys.ts';
import { readDeadlines } from '../../operate/deadlines/keep-deadlines.ts';
import { type OnTime, onTimeOf } from '../../operate/deadlines/on-time.ts';
import { readOutlook } from '../../operate/deadlines/read-outlook.ts';
import { listRuns, type RunList, screenful } from '../../operate/runs/list-runs.ts';
import { type PipelineRef, readRun } from '../../operate/runs/read-run.ts';
import { unrecordedReport, unrecordedRun } from '../../operate/runs/unrecorded-run.ts';
import type { Answer, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { between, duration, moment } from '../render/format.ts';
import { statusStyle } from '../render/outcome-style.ts';
import { renderTable } from '../render/render-table.ts';
import { onTimeJson, outlookJson } from '../render/run/outlook-json.ts';
import { renderRun } from '../render/run/render-run.ts';
import { reportJson } from '../render/run/report-json.ts';
import { damagedRecords } from '../render/run/results.ts';
import { runAnswer } from '../render/run/run-answer.ts';
import { unknownRun } from '../typed/chosen/unknown-run.ts';
import { commandLine, type TypedPlace } from '../typed/command-line.ts';
import { openPlace, pipelineIn } from '../typed/place.ts';
import { UsageError } from '../typed/usage-error.ts';
import { follow } from '../watch/follow.ts';
import { onTimeLines, outlookLines } from '../watch/outlook-lines.ts';
import { statusOfAll } from './status-all.ts';

/** One list of the store has them all. */
const mostRows = ({ json }: Context): number => (json ? 100 : screenful);

/** Shows a pipeline's runs, or one run in full, from the records in the store alone. */
export async function status({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const place = await openPlace({ args, option, flag }, context);
  if (args.length === 0) {
    if (place.deployed)
      throw new UsageError('status --stack needs the pipeline of the stack: `status <pipeline> --stack <name>`');
    if (flag('watch')) throw new UsageError('--watch follows one run: name its pipeline');
    return statusOfAll(place, context);
  }
  const { store, executions } = place;
  const pipeline = await pipelineIn(place, args[0] ?? '', context);
  const latest = args[1] === undefined && flag('watch') ? await listRuns(pipeline.name, place, 1) : null;
  const runId = args[1] ?? latest?.runs[0]?.run_id;
  if (runId === undefined) {
    const list = await listRuns(pipeline.name, place, flag('all') ? Number.POSITIVE_INFINITY : mostRows(context));
    const deadlines = await readDeadlines(store, pipeline.name);
    const onTime = deadlines ? onTimeOf(deadlines, Date.now()) : [];
    return showRuns(list, { pipeline, storeUrl: store.url, typedPlace: place.typed, onTime }, context);
  }
  if (isRunId(runId)) {
    const run = { pipeline: pipeline.name, run_id: runId };
    const started = place.deployed && (await unrecordedRun(run, place.deployed));
    if (flag('watch')) {
      const report = await follow({ pipeline, place, runId, started }, context);
      if (report) return runAnswer(report, place.typed, context);
    }
    const report = started
      ? unrecordedReport(started, { ...pipeline, store: store.url })
      : await readRun(store, pipeline, runId, executions);
    if (report) {
      const now = Date.now();
      const outlook = await readOutlook(store, report, { graph: pipeline, now });
      return {
        exitCode: 0,
        json: { ...reportJson(report), ...outlookJson(outlook) },
        text: renderRun(report, place.typed, context, outlookLines(outlook, now)),
      };
    }
  }
  throw await unknownRun({ pipeline: pipeline.name, run_id: runId }, place);
}

interface Shown {
  readonly pipeline: PipelineRef;
  readonly storeUrl: string;
  readonly typedPlace: TypedPlace;
  readonly onTime: readonly OnTime[];
}

function showRuns(list: RunList, { pipeline, storeUrl, typedPlace, onTime }: Shown, context: Context): Answer {
  const { runs } = list;
  return {
    exitCode: 0,
    json: {
      pipeline: pipeline.name,
      store: storeUrl,
      runs: runs.map((run) => ({ ...run, damaged: [...run.damaged] })),
      more: list.more || list.older > 0,
      on_time: onTimeJson(onTime),
    },
    text:
      runs.length > 0
        ? describe(list, { name: pipeline.name, typedPlace, onTime }, context)
        : nothing(pipeline.name, storeUrl, context),
  };
}

const nothing = (name: string, storeUrl: string, { paint }: Context): string =>
  `${paint(name, 'bold')} has no runs in ${paint(storeUrl)}`;

function describe(
  { runs, older, more }: RunList,
  { name, typedPlace, onTime }: Pick<Shown, 'typedPlace' | 'onTime'> & { readonly name: string },
  context: Context,
): string {
  const columns = [
    { title: 'run' },
    { title: 'status' },
    { title: 'started (UTC)', drop: 1 },
    { title: 'duration', align: 'right' },
    { title: 'executions', align: 'right', drop: 3 },
    { title: 'dead letters', align: 'right', drop: 2 },
  ] as const;
  const { paint, table } = context;
  const now = new Date().toISOString();
  const rows = runs.map((run) => {
    const taken = between(run.started_at, run.status === 'RUNNING' ? now : run.ended_at);
    return [
      run.run_id,
      { text: run.status, style: statusStyle(run.status) },
      moment(run.started_at),
      taken === null ? '-' : duration(taken),
      String(run.execution),
      String(run.dead_letters),
    ];
  });
  const keys = runs.flatMap((run) => run.damaged);
  const damaged = damagedRecords(keys, { pipeline: name, place: typedPlace }, context);
  const counted = more ? `more than ${older}` : String(older);
  const others = older > 0 || more ? [`  and ${counted} older ones (--all lists them)`] : [];
  return [
    paint(name, 'bold'),
    '',
    renderTable(columns, rows, table),
    ...others,
    ...onTimeLines(onTime).map((line) => `  ${line}`),
    ...damaged,
    '',
    `Steps of a run: ${paint(commandLine(['status', name, runs[0]?.run_id ?? ''], typedPlace, context), 'cyan')}`,
  ].join('\n');
}
