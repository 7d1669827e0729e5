import type { ColumnProfile, Profile } from '../../../contract/profiles/profile.ts';
import type { Context } from '../../context.ts';
import { counted } from '../../render/format.ts';
import { renderTable } from '../../render/render-table.ts';

/** Heights of a bar. */
const heights = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** One table for the columns, then the most frequent values of each. */
export function renderProfile(
  { step, dataset, rows, sampled, columns, left_out }: Profile,
  { run_id, version }: { readonly run_id: string; readonly version: number | null },
  { paint, table: style }: Pick<Context, 'paint' | 'table'>,
): string {
  const of = version === null ? `run ${run_id}` : `version ${version} (run ${run_id})`;
  const table = renderTable(
    [
      { title: 'column', widest: 24 },
      { title: 'type', drop: 2, widest: 14 },
      { title: 'nulls', align: 'right' },
      { title: 'distinct', align: 'right' },
      { title: 'min', align: 'right', drop: 1, widest: 16 },
      { title: 'mean', align: 'right', drop: 3 },
      { title: 'max', align: 'right', drop: 1, widest: 16 },
      { title: 'histogram' },
    ],
    Object.entries(columns).map(([name, column]) => [
      name,
      column.type,
      shareOf(column.nulls, rows),
      String(column.distinct),
      column.min ?? '',
      column.mean == null ? '' : String(Number(column.mean.toPrecision(5))),
      column.max ?? '',
      barsOf(column),
    ]),
    style,
  );
  const frequent = Object.entries(columns).flatMap(([name, { top = [], distinct }]) =>
    top.length === 0 || distinct === rows ? [] : [`  ${paint(name, 'bold')}  ${paint(topLine(top, sampled))}`],
  );
  const notes = [
    ...(sampled < rows ? [`quantiles, frequent values and histograms are of ${counted(sampled, 'row')}`] : []),
    ...(left_out ? [`${counted(left_out, 'more column')} without a profile`] : []),
  ];
  return [
    `${paint(`${step}.${dataset}`, 'bold')} of ${paint(of)}, ${counted(rows, 'row')}`,
    ...notes.map((note) => paint(note, 'dim')),
    '',
    table,
    ...(frequent.length > 0 ? ['', paint('Most frequent', 'bold'), ...frequent] : []),
  ].join('\n');
}

/** A few rows among very many are not 0 %. */
const shareOf = (part: number, whole: number): string => {
  if (part === 0 || whole === 0) return '0';
  const percent = (part / whole) * 100;
  return percent < 0.1 ? '<0.1%' : `${percent.toFixed(1)}%`;
};

const barsOf = ({ histogram = [] }: ColumnProfile): string => {
  const most = Math.max(0, ...histogram);
  if (most === 0) return '';
  return histogram.map((count) => (count === 0 ? '·' : heights[Math.ceil((count / most) * 8) - 1])).join('');
};

const topLine = (top: readonly { readonly value: string; readonly count: number }[], rows: number): string =>
  top
    .slice(0, 3)
    .map(({ value, count }) => `${value.length > 16 ? `${value.slice(0, 15)}…` : value} ${shareOf(count, rows)}`)
    .join(' · ');
