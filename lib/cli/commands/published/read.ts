import type { JsonObject } from '../../../contract/json.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { bytes, count, counted } from '../../render/format.ts';
import { renderTable } from '../../render/render-table.ts';
import { showQuery } from '../../tables/show-query.ts';
import { wholeNumber } from '../../typed/whole-number.ts';
import { chosenPublished, chosenVersion, versionFacts } from './published-dataset.ts';

/** Rows that fit a look. CSV has all. */
const usualRows = 100;

/** Shows rows of a published dataset, or without one the datasets of the version. The pointer is read once. */
export async function read(invocation: Invocation, context: Context): Promise<Answer> {
  if (invocation.args.length < 2) return listDatasets(invocation, context);
  const csv = invocation.flag('csv');
  const { place, version, entry } = await chosenPublished(invocation, context);
  const { step, dataset } = entry;
  const most = wholeNumber(invocation.option('rows'), '--rows') ?? (csv ? null : usualRows);
  const { paint } = context;
  return showQuery(
    {
      store: place.store,
      datasets: [{ step, dataset, entry }],
      text: `SELECT * FROM ${named(step)}.${named(dataset)}${most === null ? '' : ` LIMIT ${most + 1}`}`,
      ...{ most, csv, all: entry.rows },
      title: `${paint(`${step}.${dataset}`, 'bold')} of version ${version.version}, run ${paint(version.run_id)}, ${counted(entry.rows, 'row')}`,
      facts: { ...versionFacts(version), dataset: `${step}.${dataset}`, row_count: entry.rows },
    },
    context,
  );
}

async function listDatasets(invocation: Invocation, context: Context): Promise<Answer> {
  const { version } = await chosenVersion(invocation, context);
  const { paint, table } = context;
  const columns = [
    { title: 'dataset' },
    { title: 'rows', align: 'right' },
    { title: 'size', align: 'right', drop: 2 },
    { title: 'columns', drop: 1 },
  ] as const;
  const rows = version.datasets.map((one) => [
    `${one.step}.${one.dataset}`,
    count(one.rows),
    bytes(one.bytes),
    Object.keys(one.columns).join(', '),
  ]);
  const datasets = version.datasets.map(({ step, dataset, ...one }) => ({
    ...{ dataset: `${step}.${dataset}`, rows: one.rows, bytes: one.bytes },
    columns: Object.entries(one.columns).map(([name, type]) => ({ name, type })),
  }));
  const of = version.partition === '' ? '' : ` of ${paint(version.partition)}`;
  return {
    exitCode: 0,
    json: { ...versionFacts(version), datasets } as unknown as JsonObject,
    text: `${paint(version.pipeline, 'bold')} version ${version.version}${of}, run ${paint(version.run_id)}\n\n${renderTable(columns, rows, table)}`,
  };
}

const named = (name: string): string => `"${name.replaceAll('"', '""')}"`;
