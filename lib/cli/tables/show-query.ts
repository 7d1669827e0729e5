import type { JsonObject } from '../../contract/json.ts';
import type { RunDataset } from '../../operate/data/run-datasets.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { type QueryResult, type ResultColumn, readOnlyQuery } from '../../runtime/handler/read-only-query.ts';
import type { Answer } from '../command.ts';
import type { Context } from '../context.ts';
import { cleanLine } from '../render/clean-text.ts';
import { counted } from '../render/format.ts';
import { type Rows, resultTable } from './result-table.ts';
import { csvField, exactJson } from './value-text.ts';

export interface ShownQuery {
  readonly store: ObjectStore;
  readonly datasets: readonly RunDataset[];
  readonly text: string;
  /** At most so many rows; null: all. */
  readonly most: number | null;
  readonly csv: boolean;
  /** For people, above the table. */
  readonly title: string;
  /** Facts of the JSON document besides `columns`, `rows` and `more`. */
  readonly facts: JsonObject;
  /** Rows of the dataset, if it is one; the note below a table says how many are not shown. */
  readonly all: number | null;
}

/** Runs a query and shows its rows as a table, as JSON or as CSV. CSV is written as it comes, so that its size does not matter. */
export async function showQuery(query: ShownQuery, context: Context): Promise<Answer> {
  const abort = new AbortController();
  const release = context.onInterrupt(() => abort.abort(new Error('interrupted')));
  const { store, datasets, text } = query;
  try {
    return await readOnlyQuery({ store, datasets, text, signal: abort.signal }, (result) =>
      query.csv ? writeCsv(result, query, context) : showRows(result, query, context),
    );
  } catch (error) {
    if (context.interrupted !== null) return { exitCode: context.interrupted, json: query.facts, text: '' };
    throw error;
  } finally {
    release();
  }
}

async function writeCsv({ columns, batches }: QueryResult, { most }: ShownQuery, { io }: Context): Promise<Answer> {
  // A terminal acts on control characters; a file keeps every byte.
  const write = (line: string): void => io.stdout.write(`${io.stdout.isTTY ? cleanLine(line) : line}\n`);
  write(columns.map(({ name }) => csvField(name)).join(','));
  let written = 0;
  for await (const batch of batches) {
    for (const row of batch) {
      if (most !== null && written >= most) break;
      write(columns.map(({ name }) => csvField(row[name] ?? null)).join(','));
      written += 1;
    }
    if (most !== null && written >= most) break;
  }
  return { exitCode: 0, json: null, text: '' };
}

async function showRows({ columns, batches }: QueryResult, query: ShownQuery, context: Context): Promise<Answer> {
  const { rows, more } = await firstRows(batches, query.most);
  return {
    exitCode: 0,
    json: {
      ...query.facts,
      columns: columns.map(({ name, type }) => ({ name, type })),
      rows: rows.map((row) => exactJson(row)),
      more,
    },
    text: describe({ columns, rows, more }, query, context),
  };
}

async function firstRows(batches: QueryResult['batches'], most: number | null): Promise<{ rows: Rows; more: boolean }> {
  const rows: Rows[number][] = [];
  for await (const batch of batches) {
    for (const row of batch) rows.push(row);
    if (most !== null && rows.length > most) return { rows: rows.slice(0, most), more: true };
  }
  return { rows, more: false };
}

function describe(
  { columns, rows, more }: { readonly columns: readonly ResultColumn[]; readonly rows: Rows; readonly more: boolean },
  { title, all }: ShownQuery,
  { table, paint }: Context,
): string {
  const left = all === null ? 'more rows' : `of ${counted(all, 'row')}`;
  const shown = more
    ? `${counted(rows.length, 'row')}${all === null ? ', and ' : ' '}${left}: --rows shows more`
    : counted(rows.length, 'row');
  return [title, '', resultTable(columns, rows, table), '', paint(`  ${shown}`.trimStart(), 'dim')].join('\n');
}
