import { availableParallelism } from 'node:os';
import type { Backfill, BackfillRequest } from '../../../contract/partitions/backfill.ts';
import { readHistory } from '../../../operate/estimate/read-history.ts';
import { beginBackfill, endBackfill, isDone, unfinishedBackfill } from '../../../operate/partitions/keep-backfill.ts';
import { partitionRange } from '../../../operate/partitions/partition-range.ts';
import type { PartitionState } from '../../../operate/partitions/partition-state.ts';
import { readPartitions } from '../../../operate/partitions/read-partitions.ts';
import { tellPeople } from '../../alerts/tell-people.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { openPlace } from '../../typed/place.ts';
import { readInput } from '../../typed/read-json.ts';
import { localFolder } from '../../typed/store-option.ts';
import { UsageError } from '../../typed/usage-error.ts';
import { wholeNumber } from '../../typed/whole-number.ts';
import { backfillOutlook } from './backfill-outlook.ts';
import { endedText, outlookJson, plannedText } from './backfill-text.ts';
import { partitionedPipeline } from './partition-facts.ts';
import { type PartitionRun, runPartitions } from './run-partitions.ts';

const choices = ['missing', 'failed', 'stale', 'all'] as const;

/** Runs partitions that are missing, failed or stale, a few at a time. Killed and started again with the same words, it continues and repeats none. */
export async function backfill(invocation: Invocation, context: Context): Promise<Answer> {
  const { args, option, list, flag } = invocation;
  const which = choices.filter((choice) => flag(choice)).sort();
  if (which.length === 0)
    throw new UsageError('say which partitions to run: --missing, --failed, --stale (several may be given), or --all');
  const wanted = wholeNumber(option('maxConcurrency'), '--max-concurrency');
  const place = await openPlace({ args, option, flag }, context);
  const { facts, rule, loaded } = await partitionedPipeline(args[0] ?? '', place, context);
  if (!loaded) throw new UsageError('backfill works on this machine');
  const { name: pipeline } = facts.pipeline;
  const width = wanted ?? (loaded.plan.steps.some(({ needs }) => needs !== null) ? 1 : usualWidth());
  const steps = knownSteps(list('steps'), facts.pipeline.steps ?? []);
  const named = { from: option('from'), to: option('to') };
  const range = await partitionRange(named, rule, { store: place.store, pipeline, now: Date.now() });
  if ('problem' in range) throw new UsageError(range.problem);
  const states = await readPartitions(place, facts, range.partitions);
  const request: BackfillRequest = {
    from: range.partitions[0]?.name ?? '',
    to: range.partitions.at(-1)?.name ?? '',
    which,
    steps,
  };
  const unfinished = await unfinishedBackfill(place.store, pipeline, request);
  const chosen = unfinished ? left(unfinished, states) : selected(which, states);
  const history = await readHistory(place.store, pipeline);
  const outlook = backfillOutlook(loaded, history, { runs: chosen.length, width });
  const planned = { pipeline, rule, states, chosen, unfinished, outlook, width };
  const json = {
    pipeline,
    ...request,
    which: [...which],
    steps: [...steps],
    max_concurrency: width,
    continues: unfinished?.id ?? null,
    ...outlookJson(outlook),
  };
  if (flag('dryRun') || chosen.length === 0) {
    if (unfinished && chosen.length === 0) await endBackfill(place.store, pipeline, unfinished, Date.now());
    return {
      exitCode: 0,
      json: { ...json, dry_run: flag('dryRun'), partitions: chosen.map(chosenJson) },
      text: plannedText(planned, flag('dryRun'), context),
    };
  }
  if (!context.json) context.io.stdout.write(`${plannedText(planned, false, context)}\n\n`);
  const items = chosen.map(({ partition, status }) => ({ partition: partition.name, status }));
  const begun = await beginBackfill(place.store, pipeline, { request, items, now: Date.now() });
  const storeFolder = localFolder(option('store'), context);
  const input = await readInput(option('input'), context);
  const ran = await runPartitions(
    { backfill: begun, chosen, width, rule, facts, pipeline: loaded, storeFolder, input, place },
    context,
  );
  if (ran.every(({ outcome }) => outcome !== 'stopped')) await endBackfill(place.store, pipeline, begun, Date.now());
  const answer = {
    exitCode: ran.every(({ outcome }) => outcome === 'succeeded' || outcome === 'done') ? (0 as const) : (1 as const),
    json: { ...json, id: begun.id, partitions: ran.map(ranJson) },
    text: endedText(ran, { pipeline, id: begun.id }, context),
  };
  return tellPeople(answer, { plan: loaded.plan, storeFolder, send: flag('sendAlerts') }, context);
}

/** Half of the processors: a run of tonight, and the person, keep the other half. Partitions that read earlier ones run one after the other. */
const usualWidth = (): number => Math.max(1, Math.floor(availableParallelism() / 2));

function knownSteps(named: readonly string[], known: readonly string[]): readonly string[] {
  const steps = [...new Set(named.flatMap((text) => text.split(',')).filter((name) => name !== ''))].sort();
  const unknown = steps.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new UsageError(`--steps: there is no step "${unknown.join('", "')}"; there is ${known.join(', ')}`);
  return steps;
}

function selected(which: readonly string[], states: readonly PartitionState[]): PartitionState[] {
  return states.filter(({ status }) => status !== 'running' && (which.includes('all') || which.includes(status)));
}

/** The partitions of an unfinished backfill that it has not run. */
function left(unfinished: Backfill, states: readonly PartitionState[]): PartitionState[] {
  const items = new Set(unfinished.items.map(({ partition }) => partition));
  return states.filter(
    (state) => items.has(state.partition.name) && state.status !== 'running' && !isDone(state, unfinished),
  );
}

const chosenJson = ({ partition, status, changed }: PartitionState) => ({
  partition: partition.name,
  status,
  ...(changed.length > 0 && { changed: [...changed] }),
});

const ranJson = ({ partition, status, outcome, run_id, kind, ms, problem }: PartitionRun) => ({
  partition,
  status,
  outcome,
  run_id,
  kind,
  ms,
  ...(problem !== null && { problem }),
});
