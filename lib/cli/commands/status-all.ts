import { readFile } from 'node:fs/promises';
import { compilePipeline } from '../../compiler/compile-pipeline.ts';
import { findPipelines } from '../../compiler/find-pipelines.ts';
import type { SchedulePlan } from '../../compiler/plan/plan.ts';
import { openLetters } from '../../operate/letters/letter-states.ts';
import { listRuns, screenful } from '../../operate/runs/list-runs.ts';
import type { Answer } from '../command.ts';
import type { Context } from '../context.ts';
import { between, duration, moment } from '../render/format.ts';
import { statusStyle } from '../render/outcome-style.ts';
import { renderTable } from '../render/render-table.ts';
import { nextStart } from '../schedule/starts-around.ts';
import { commandLine } from '../typed/command-line.ts';
import { findPipeline } from '../typed/find-pipeline.ts';
import type { Place } from '../typed/place.ts';

/** Letters of a pipeline that are read, to see whether they are open; of older ones the index says it. */
const readLetters = 4;

/** Shows all pipelines: the last run, the next start of the schedule, the open dead letters. */
export async function statusOfAll(place: Place, context: Context): Promise<Answer> {
  const pipelines = [];
  for (const path of await findPipelines(context.root)) pipelines.push(await pipelineAt(path, place, context));
  return {
    exitCode: 0,
    json: { store: place.store.url, pipelines },
    text:
      pipelines.length > 0
        ? describe(pipelines, place, context)
        : `There are no templates in ${context.root}/pipelines`,
  };
}

type Listed = Awaited<ReturnType<typeof pipelineAt>>;

async function pipelineAt(path: string, place: Place, context: Context) {
  const { name } = await findPipeline(path, { root: context.root, cwd: context.io.cwd });
  const run = await lastRun(name, place);
  const letters = await openLetters(place.store, name, readLetters);
  return {
    pipeline: name,
    last_run: run?.run_id ?? null,
    status: run?.status ?? null,
    started_at: run?.started_at ?? null,
    ended_at: run?.ended_at ?? null,
    next_start: await nextStartOf(path, context),
    open_dead_letters: letters.states.length + letters.older,
  };
}

/** The newest run that is no trial: a fork says nothing about the pipeline. */
async function lastRun(name: string, place: Place) {
  const [newest] = (await listRuns(name, place, 1)).runs;
  if (!newest?.trial) return newest;
  return (await listRuns(name, place, screenful)).runs.find(({ trial }) => !trial);
}

/** The next start as it is deployed: nothing starts by itself on this machine. Null without a schedule, while it is disabled, and for a template with errors. */
async function nextStartOf(path: string, { environment }: Context): Promise<string | null> {
  const source = { file: path, text: await readFile(path, 'utf8') };
  const options = { environment, allowMissingHandlers: true, handlerExists: () => true };
  const schedule: SchedulePlan | null = compilePipeline(source, options, () => undefined)?.schedule ?? null;
  const next = schedule?.enabled && schedule.times ? nextStart(schedule.times, schedule.timezone, Date.now()) : null;
  return next === null ? null : new Date(next).toISOString();
}

function describe(pipelines: readonly Listed[], { typed }: Place, context: Context): string {
  const columns = [
    { title: 'pipeline' },
    { title: 'last run' },
    { title: 'started (UTC)', drop: 2 },
    { title: 'duration', align: 'right', drop: 4 },
    { title: 'next start (UTC)', drop: 3 },
    { title: 'open letters', align: 'right', drop: 1 },
  ] as const;
  const now = new Date().toISOString();
  const rows = pipelines.map((one) => {
    const taken = between(one.started_at, one.status === 'RUNNING' ? now : one.ended_at);
    return [
      one.pipeline,
      one.status === null ? 'none' : { text: one.status, style: statusStyle(one.status) },
      moment(one.started_at),
      taken === null ? '-' : duration(taken),
      one.next_start === null ? '-' : one.next_start.slice(0, 16).replace('T', ' '),
      one.open_dead_letters === 0 ? '-' : { text: String(one.open_dead_letters), style: 'red' as const },
    ];
  });
  const shown = pipelines.find(({ last_run }) => last_run !== null) ?? pipelines[0];
  const more = commandLine(['status', shown?.pipeline ?? ''], typed, context);
  return `${renderTable(columns, rows, context.table)}\n\nRuns of a pipeline: ${context.paint(more, 'cyan')}`;
}
