import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Json, JsonObject } from '../../../contract/json.ts';
import { lastMade } from '../../../operate/changes/last-made.ts';
import { type PlannedChange, planChange } from '../../../operate/changes/plan-change.ts';
import { readHistory } from '../../../operate/estimate/read-history.ts';
import { partitionRange } from '../../../operate/partitions/partition-range.ts';
import type { PartitionState } from '../../../operate/partitions/partition-state.ts';
import { readPartitions } from '../../../operate/partitions/read-partitions.ts';
import { type DefinitionFacts, definitionFacts, machineFacts } from '../../../operate/resume/definition-facts.ts';
import { type ChangeReport, changeMarkdown, changeText } from '../../changes/change-text.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { loadValid, type ValidPipeline } from '../../load.ts';
import { fileOf } from '../../resume/resume-here.ts';
import { openPlace, type Place, pipelineIn } from '../../typed/place.ts';
import { UsageError } from '../../typed/usage-error.ts';
import { backfillOutlook } from '../partitions/backfill-outlook.ts';

/** Compares the working tree with what is deployed, or with the last run in a store: steps that run again, datasets and partitions that are out of date, and the time that it takes to make them again. */
export async function planChangeOf(invocation: Invocation, context: Context): Promise<Answer> {
  const { args, flag } = invocation;
  const option = await withAgainst(invocation, context);
  const place = await openPlace({ args, option, flag }, context);
  const loaded = await loadValid(args[0] ?? '', context);
  await pipelineIn(place, args[0] ?? '', context);
  const report = await compare(loaded, place);
  const text = flag('markdown') ? changeMarkdown(report) : changeText(report, context);
  return { exitCode: 0, json: reportJson(report), text };
}

/** `--against x` is `--stack x`, unless it is a folder or an address: then it is `--store x`. */
async function withAgainst({ option }: Invocation, context: Context): Promise<Invocation['option']> {
  const against = option('against');
  if (against === null) return option;
  if (option('stack') !== null || option('store') !== null)
    throw new UsageError('--against names the place by itself: leave --store and --stack out');
  const isFolder = (await stat(resolve(context.io.cwd, against)).catch(() => null))?.isDirectory() === true;
  const name = isFolder || /^(s3|file):\/\//.test(against) ? 'store' : 'stack';
  return (wanted) => (wanted === name ? against : option(wanted));
}

async function compare(loaded: ValidPipeline, place: Place): Promise<ChangeReport> {
  const { plan, machine, datasets } = loaded;
  const { store, deployed } = place;
  const now = machineFacts(machine);
  const before = deployed ? definitionFacts(JSON.parse(await deployed.machine.definition()) as Json) : null;
  const [last, history] = await Promise.all([lastMade(store, plan.name), readHistory(store, plan.name)]);
  const published = new Map(Object.entries(plan.publish?.datasets ?? {}));
  const change = planChange({
    now,
    before,
    last,
    columnsOf: (step, dataset) => datasets.columns(step, dataset),
    datasetsOf: (step) => datasets.names(step),
    isPublished: (step, dataset) => published.get(step)?.includes(dataset) ?? false,
    fileOf: fileOf(loaded),
  });
  const partitions = await stalePartitions(now, place);
  const runs = partitions ? partitions.stale.length : isAnyStale(change) ? 1 : 0;
  const again = new Set(change.steps.flatMap(({ step, change: kind }) => (kind === 'same' ? [] : [step])));
  const outlook = backfillOutlook(loaded, history, { runs, width: 1, again });
  return {
    pipeline: plan.name,
    store: store.url,
    against: deployed?.stack ?? null,
    last,
    change,
    partitions,
    runs,
    outlook,
  };
}

const isAnyStale = ({ steps }: PlannedChange): boolean => steps.some(({ change }) => change !== 'same');

/** The partitions that a run has made and that the new definition makes otherwise. */
async function stalePartitions(now: DefinitionFacts, place: Place): Promise<ChangeReport['partitions']> {
  const { partition: rule, name: pipeline } = now.pipeline;
  if (!rule) return null;
  const { start, ...plain } = rule;
  const range = await partitionRange(
    { from: null, to: null },
    { ...plain, ...(start !== undefined && { start }) },
    { store: place.store, pipeline, now: Date.now() },
  );
  if ('problem' in range) throw new UsageError(range.problem);
  const states = await readPartitions(place, now, range.partitions);
  const made = states.filter(({ good }) => good !== null);
  return { stale: made.filter(isStale).map(({ partition }) => partition.name), made: made.length };
}

const isStale = ({ status }: PartitionState): boolean => status === 'stale';

const reportJson = ({
  pipeline,
  store,
  against,
  last,
  change,
  partitions,
  runs,
  outlook,
}: ChangeReport): JsonObject => ({
  pipeline,
  store,
  stack: against,
  last: last && { run_id: last.run_id, execution: last.execution, ended_at: last.ended_at },
  steps: change.steps.map(({ because, ...step }) => ({ ...step, because: [...because] })),
  datasets: change.datasets.map(({ columns, breaks, ...dataset }) => ({
    ...dataset,
    breaks: [...breaks],
    columns: columns?.map((one) => ({ ...one })) ?? null,
  })),
  partitions: partitions && { made: partitions.made, stale: [...partitions.stale] },
  backfill: {
    runs,
    seconds: outlook.time && { from: outlook.time.from / 1000, to: outlook.time.to / 1000 },
    dollars: outlook.price,
  },
});
