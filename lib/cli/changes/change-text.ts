/** A planned change in words: for the terminal, and as Markdown for a pull request. */
import type { LastMade } from '../../operate/changes/last-made.ts';
import type { ChangedDataset, ChangedStep, PlannedChange } from '../../operate/changes/plan-change.ts';
import type { EndRange } from '../../operate/estimate/estimate.ts';
import type { Context } from '../context.ts';
import { count, counted, duration, moment } from '../render/format.ts';
import { renderTable } from '../render/render-table.ts';

export interface ChangeReport {
  readonly pipeline: string;
  readonly store: string;
  /** The stack whose definition is compared with; null for a store, whose last run is. */
  readonly against: string | null;
  readonly last: LastMade | null;
  readonly change: PlannedChange;
  /** Null without partitions. `made`: the number of those that a run has made. */
  readonly partitions: { readonly stale: readonly string[]; readonly made: number } | null;
  /** Runs that bring everything up to date. */
  readonly runs: number;
  /** Of all of them, one after the other: milliseconds, null if no history tells; and dollars on AWS. */
  readonly outlook: { readonly time: EndRange | null; readonly price: number };
}

export function changeText(report: ChangeReport, context: Context): string {
  const { paint, table } = context;
  const { change, pipeline } = report;
  const steps = change.steps.map((step) => [
    step.step,
    { text: words[step.change], style: styles[step.change] },
    reasonOf(step),
  ]);
  const datasets = shownDatasets(change).map((one) => [
    nameOf(one),
    states[one.change],
    one.published ? 'published' : '',
    columnsText(one),
  ]);
  return [
    `${paint(pipeline, 'bold')} ${paint(headOf(report))}`,
    '',
    renderTable([{ title: 'step' }, { title: 'effect' }, { title: 'because', widest: 100 }], steps, table),
    ...(datasets.length > 0
      ? [
          '',
          renderTable(
            [{ title: 'dataset' }, { title: 'is' }, { title: '' }, { title: 'columns', widest: 100 }],
            datasets,
            table,
          ),
        ]
      : []),
    '',
    ...breaksOf(report).map((line) => paint(line, 'red')),
    paint(costOf(report)),
  ].join('\n');
}

/** Markdown in which names are text: a column's name may hold any character. */
export function changeMarkdown(report: ChangeReport): string {
  const { change, pipeline } = report;
  const datasets = shownDatasets(change);
  const changed = change.steps.filter((step) => step.change !== 'same');
  return [
    `### ${cell(pipeline)}: ${cell(headOf(report))}`,
    '',
    ...(changed.length > 0
      ? [
          '| step | effect | because |',
          '| --- | --- | --- |',
          ...changed.map((step) => `| ${cell(step.step)} | ${words[step.change]} | ${cell(reasonOf(step))} |`),
          '',
        ]
      : []),
    ...(datasets.length > 0
      ? [
          '| dataset | is | columns |',
          '| --- | --- | --- |',
          ...datasets.map(
            (one) =>
              `| ${cell(nameOf(one))}${one.published ? ' (published)' : ''} | ${states[one.change]} | ${cell(columnsText(one))} |`,
          ),
          '',
        ]
      : []),
    ...breaksOf(report).flatMap((line) => [`**${cell(line)}**`, '']),
    cell(costOf(report)),
  ].join('\n');
}

const breaksOf = ({ change }: ChangeReport): string[] =>
  change.datasets.flatMap((one) => one.breaks.map((text) => `${nameOf(one)} breaks its readers: ${text}`));

const words = {
  added: 'runs: it is new',
  changed: 'runs again',
  downstream: 'may run again',
  same: 'is reused',
  removed: 'is gone',
} as const satisfies Record<ChangedStep['change'], string>;

const styles = { added: 'green', changed: 'yellow', downstream: 'cyan', same: 'dim', removed: 'red' } as const;

const states = {
  added: 'new',
  stale: 'stale',
  perhaps: 'perhaps stale',
  same: 'unchanged',
  removed: 'gone',
} as const satisfies Record<ChangedDataset['change'], string>;

const nameOf = ({ step, dataset }: ChangedDataset): string => `${step}.${dataset}`;

const shownDatasets = ({ datasets }: PlannedChange): ChangedDataset[] =>
  datasets.filter(({ change }) => change !== 'same');

const reasonOf = ({ change, because }: ChangedStep): string =>
  change === 'downstream' ? `${because.join(', ')} ${because.length > 1 ? 'change' : 'changes'}` : because.join('; ');

/** `+ total BIGINT, - sum`, with the type before and after. */
function columnsText({ columns, change }: ChangedDataset): string {
  if (change === 'added' || change === 'removed') return '';
  if (columns === null) return 'known only in a run';
  return columns
    .map(({ column, declared, made }) =>
      declared === null
        ? `+ ${column} ${made}`
        : made === null
          ? `- ${column} ${declared}`
          : `${column} ${declared} -> ${made}`,
    )
    .join(', ');
}

function headOf({ change, against, last }: ChangeReport): string {
  const of = (kind: ChangedStep['change']): number => change.steps.filter((step) => step.change === kind).length;
  const run = last ? `run ${last.run_id} of ${moment(last.ended_at)}` : 'no run that succeeded';
  const base = against === null ? run : `stack ${against} (last: ${run})`;
  const parts = [
    [of('added'), 'new'],
    [of('changed'), 'changed'],
    [of('downstream'), 'after them'],
    [of('removed'), 'gone'],
  ].flatMap(([number, word]) => (Number(number) > 0 ? [`${number} ${word}`] : []));
  return `compared with ${base}: ${parts.length > 0 ? parts.join(', ') : 'nothing changes'}`;
}

function costOf({ partitions, runs, outlook, change }: ChangeReport): string {
  const published = shownDatasets(change).filter(({ published: isPublished }) => isPublished).length;
  if (runs === 0) return 'Nothing is out of date.';
  const what = partitions
    ? `${count(partitions.stale.length)} of ${counted(partitions.made, 'partition')} are stale`
    : published > 0
      ? `${counted(published, 'published dataset')} may be out of date`
      : 'The next run executes these steps';
  const { time, price } = outlook;
  const order = runs > 1 ? ', one after the other' : '';
  const takes = time ? `${range(time)}${order}` : 'no history tells how long it takes';
  return `${what}: ${counted(runs, 'run')}, ${takes}; about $${price.toFixed(price < 0.1 ? 4 : 2)} on AWS.`;
}

const range = ({ from, to }: EndRange): string =>
  duration(from) === duration(to) ? duration(from) : `${duration(from)} to ${duration(to)}`;

/** One line of text in Markdown, without meaning for it. */
const cell = (text: string): string =>
  text.replace(/\p{Cc}/gu, ' ').replace(/[\\`*_{}[\]()<>#|~!&]/g, (one) => `\\${one}`);
