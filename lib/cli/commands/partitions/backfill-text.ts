import type { Backfill } from '../../../contract/partitions/backfill.ts';
import type { PartitionRule } from '../../../input/partitions/partition.ts';
import type { PartitionState } from '../../../operate/partitions/partition-state.ts';
import type { Context } from '../../context.ts';
import { duration } from '../../render/format.ts';
import { renderTable } from '../../render/render-table.ts';
import type { BackfillOutlook } from './backfill-outlook.ts';
import { partitionTable } from './partition-table.ts';
import type { PartitionRun } from './run-partitions.ts';

interface Planned {
  readonly pipeline: string;
  readonly rule: PartitionRule;
  readonly states: readonly PartitionState[];
  readonly chosen: readonly PartitionState[];
  readonly unfinished: Backfill | null;
  readonly outlook: BackfillOutlook;
  readonly width: number;
}

/** The runs that a backfill would start, or is about to. */
export function plannedText(
  { pipeline, rule, states, chosen, unfinished, outlook, width }: Planned,
  isDry: boolean,
  context: Context,
): string {
  const running = states.filter(({ status }) => status === 'running').length;
  const lines = [
    ...(unfinished ? [`continues ${unfinished.id} of ${unfinished.began_at.slice(0, 19).replace('T', ' ')} UTC`] : []),
    ...(running > 0 ? [`leaves out ${counted(running)} on which a run works`] : []),
    ...(chosen.length > 0 ? [timeText(outlook, width), priceText(outlook)] : []),
    ...(isDry ? ['nothing was started'] : []),
  ];
  const head =
    chosen.length > 0
      ? `To run: ${partitionTable(chosen, { pipeline, rule }, context)}`
      : `${context.paint(pipeline, 'bold')}: nothing to run`;
  return [head, '', ...lines.map((line) => `  ${line}`)].join('\n').trimEnd();
}

const timeText = ({ time, runs }: BackfillOutlook, width: number): string =>
  time === null
    ? `time: unknown before three runs have succeeded, since the template has no "expected_duration"; ${width} at a time`
    : `time: ${duration(time.from)} to ${duration(time.to)}, ${width} at a time, if every step runs (from ${runs} earlier ${runs === 1 ? 'run' : 'runs'})`;

const priceText = ({ price }: BackfillOutlook): string =>
  `price on AWS: about $${price < 0.01 ? price.toFixed(4) : price.toFixed(2)} at list prices, if every step runs (docs/costs.md)`;

/** The same facts for programs. */
export function outlookJson({ time, runs, price }: BackfillOutlook) {
  return {
    estimate: { milliseconds: time && { from: Math.round(time.from), to: Math.round(time.to) }, runs, dollars: price },
  };
}

const counted = (count: number): string => `${count} ${count === 1 ? 'partition' : 'partitions'}`;

/** The summary of a backfill. */
export function endedText(
  ran: readonly PartitionRun[],
  { pipeline, id }: { readonly pipeline: string; readonly id: string },
  context: Context,
): string {
  const { paint } = context;
  const count = (outcome: PartitionRun['outcome']) => ran.filter((one) => one.outcome === outcome).length;
  const words = [
    `${count('succeeded')} succeeded`,
    ...(['failed', 'refused', 'stopped', 'done'] as const).flatMap((outcome) =>
      count(outcome) > 0 ? [`${count(outcome)} ${outcome}`] : [],
    ),
  ];
  const head = `${paint(pipeline, 'bold')} ${paint(id)}: ${words.join(', ')}`;
  const bad = ran.filter(({ outcome }) => outcome === 'failed' || outcome === 'refused');
  if (bad.length === 0) return head;
  const rows = bad.map(({ partition, outcome, run_id, problem }) => [
    partition,
    { text: outcome, style: 'red' as const },
    run_id ?? '-',
    problem ?? '',
  ]);
  const columns = [
    { title: 'partition' },
    { title: 'outcome' },
    { title: 'run', drop: 2 },
    { title: 'why', drop: 1, widest: 100 },
  ];
  return `${head}\n\n${renderTable(columns, rows, context.table)}`;
}
