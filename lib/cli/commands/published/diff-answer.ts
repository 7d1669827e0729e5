import type { JsonObject } from '../../../contract/json.ts';
import type { DatasetDiff } from '../../../published/diff-datasets.ts';
import type { Answer } from '../../command.ts';
import type { Context } from '../../context.ts';
import { count, counted } from '../../render/format.ts';
import { renderTable } from '../../render/render-table.ts';
import type { Rows } from '../../tables/result-table.ts';
import { cellText, exactJson, type Value } from '../../tables/value-text.ts';

/** One of the two datasets; `version` is null if a run was named. */
export interface Side {
  readonly version: number | null;
  readonly run_id: string;
  readonly dataset: string;
}

interface Found {
  readonly pipeline: string;
  readonly dataset: string;
  readonly before: Side;
  readonly after: Side;
  readonly key: readonly string[] | null;
  readonly found: DatasetDiff;
}

/** The answer of `diff`. JSON has every value exactly. */
export function diffAnswer({ found, ...facts }: Found, { paint, table }: Context): Answer {
  const { schema, rows, added, removed, changed, columns, compared } = found;
  const rowsJson = (all: Rows) => all.map((row) => exactJson(row));
  const { before, after, dataset, key } = facts;
  const name = ({ version, run_id }: Side): string => (version === null ? `run ${run_id}` : `version ${version}`);
  const isSame =
    [schema.added, schema.removed].every((one) => Object.keys(one).length === 0) &&
    schema.retyped.length + added + removed + (changed ?? 0) === 0;
  const lines = [
    `${paint(dataset, 'bold')}: ${paint(name(before))}, ${counted(rows.before, 'row')}; ${paint(name(after))}, ${counted(rows.after, 'row')}`,
    ...Object.entries(schema.added).map(([column, type]) => `  column ${paint(column)} ${type} is new`),
    ...Object.entries(schema.removed).map(([column, type]) => `  column ${paint(column)} ${type} is gone`),
    ...schema.retyped.map((one) => `  column ${paint(one.column)} was ${one.before}, and is ${one.after}`),
  ];
  const things = key === null ? ['row', 'rows'] : ['key', 'keys'];
  const number = (n: number): string => `${count(n)} ${n === 1 ? things[0] : things[1]}`;
  const sums = isSame
    ? '  They are equal.'
    : `  ${number(added)} added, ${number(removed)} removed${changed === null ? '' : `, ${counted(changed, 'row')} changed`}`;
  const changes = columns.flatMap(({ column, changed: times, samples }) =>
    samples.map((sample, index) => [
      index === 0 ? column : '',
      index === 0 ? count(times) : '',
      sample.key.map((value) => cellText(value as Value)).join(', '),
      cellText(sample.before as Value),
      cellText(sample.after as Value),
    ]),
  );
  const heads = [
    { title: 'column' },
    { title: 'changed', align: 'right' },
    { title: (key ?? []).join(', '), widest: 40 },
    { title: 'before', widest: 40 },
    { title: 'after', widest: 40 },
  ] as const;
  const sampled = (title: string, all: Rows): string[] =>
    all.length === 0
      ? []
      : [
          '',
          renderTable(
            compared.map((column) => ({ title: `${title} ${column}`, widest: 30 })),
            all.map((row) => compared.map((column) => cellText(row[column] ?? null))),
            table,
          ),
        ];
  return {
    exitCode: 0,
    json: {
      ...facts,
      equal: isSame,
      schema,
      ...{ rows, compared, added, removed, changed },
      added_samples: rowsJson(found.addedSamples as Rows),
      removed_samples: rowsJson(found.removedSamples as Rows),
      columns: columns.map((one) => ({ ...one, samples: exactJson(one.samples as unknown as Value) })),
    } as unknown as JsonObject,
    text: [
      ...lines,
      sums,
      ...(changes.length > 0 ? ['', renderTable(heads, changes, table)] : []),
      ...sampled('added', found.addedSamples as Rows),
      ...sampled('removed', found.removedSamples as Rows),
    ].join('\n'),
  };
}
