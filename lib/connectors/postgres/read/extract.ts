import { parseColumns } from '../../../columns/columns.ts';
import { ValidationError } from '../../../contract/errors.ts';
import type { Columns, Step } from '../../../runtime/step.ts';
import { ident, type Sql, type SqlValue } from '../sql.ts';
import { boundQuery } from './bound-query.ts';
import { CopyOut, type RowChunk } from './copy-out.ts';
import { describeQuery, matchColumns, type ResultColumn } from './describe-query.ts';
import { type KeyedChunk, keyedChunks } from './keyset.ts';
import type { Snapshot } from './snapshot.ts';

/** What an extraction needs of a step. */
export type ExtractingStep = Pick<Step, 'signal' | 'writer' | 'progress' | 'checkpoint' | 'yieldIfDue'>;

/** One dataset from one query. */
export interface Extract {
  readonly dataset: string;
  /** Column name to column type, as for `step.writer`; the query's columns have these names, in any order. */
  readonly columns: Columns;
  /** Made by sql`...`. */
  readonly query: Sql;
  /** Columns that are never null and together tell rows apart (a primary key): rows come in their order, and a long step can go on behind the last one in a fresh invocation. */
  readonly key?: string | readonly string[];
  /** Divides the rows at these values of a column (`{ by: 'id', bounds: [1000, 2000] }` is below 1000, from 1000, from 2000): read side by side, each range sorted by nothing, in this order. */
  readonly ranges?: { readonly by: string; readonly bounds: readonly SqlValue[] };
  /** How many ranges are read at once, each through a connection; 2 unless told. */
  readonly connections?: number;
  /** How many rows are expected, for the estimate. */
  readonly total?: number | null;
}

/** A query that the server has understood, as a COPY. */
export interface PreparedExtract {
  readonly found: readonly ResultColumn[];
  readonly copy: string;
  readonly keyPositions: readonly number[];
}

const prefix = 'PREPARE daybreak_extract AS ';
const cursorPrefix = 'daybreak.k';

/** Binds the values, lets the server check the query, compares its columns with the declared ones, and gives the COPY that reads all rows, or those behind a cursor. */
export async function prepareExtract(
  snapshot: Snapshot,
  { dataset, columns, query, key }: Extract,
  after: readonly string[] | null,
): Promise<PreparedExtract> {
  const declared = parseColumns(dataset, columns);
  const bound = boundQuery(query);
  const doing = `reading ${dataset}`;
  const sent = { query: bound.numbered, offset: prefix.length };
  const types = await snapshot.run(
    doing,
    async (client) => {
      // The extended protocol takes one statement only, whatever the text holds.
      await client.query({ text: prefix + bound.numbered, queryMode: 'extended' } as { text: string });
      const { rows } = await client.query<{ types: string[] }>(
        "SELECT parameter_types::text[] AS types FROM pg_catalog.pg_prepared_statements WHERE name = 'daybreak_extract'",
      );
      await client.query('DEALLOCATE daybreak_extract');
      return rows[0]?.types ?? [];
    },
    sent,
  );
  if (types.length !== bound.texts.length) {
    throw new ValidationError(
      `${doing}: the query has ${bound.texts.length} values, of which the server sees ${types.length}: a value inside of quotes or a comment is no value; write \${value} without quotes`,
    );
  }
  const cursor = (after ?? []).map((value, index) => [`${cursorPrefix}${index + 1}`, value] as const);
  const settings = [...bound.settings, ...cursor];
  const text = bound.withTypes(types);
  const found = await snapshot.run(doing, async (client) => {
    await client.query('SELECT pg_catalog.set_config(n, v, true) FROM unnest($1::text[], $2::text[]) AS s(n, v)', [
      settings.map(([name]) => name),
      settings.map(([, value]) => value),
    ]);
    return describeQuery(client, text);
  });
  const expressions = matchColumns(dataset, declared, found);
  const keys = keyColumns(dataset, key, found);
  const keyPositions = keys.map(({ name }) => declared.findIndex((column) => column.name === name));
  return {
    found,
    copy: `COPY (SELECT ${expressions.join(', ')} FROM (${text}\n) AS extract${keyset(keys, after)}) TO STDOUT (FORMAT csv, ENCODING 'UTF8')`,
    keyPositions,
  };
}

/** Rows of a prepared extract; with a key cut where it changes, each chunk with the cursor behind it. */
export function copyChunks(client: Snapshot['client'], { copy, keyPositions }: PreparedExtract) {
  const keyed = keyPositions.length > 0;
  const chunks = client.query(new CopyOut(copy, { withStarts: keyed })).chunks();
  return keyed ? keyedChunks(chunks, keyPositions) : withoutKey(chunks);
}

async function* withoutKey(chunks: AsyncIterable<RowChunk>): AsyncGenerator<KeyedChunk> {
  for await (const { bytes, rows } of chunks) yield { bytes, rows, after: null };
}

const keyColumns = (dataset: string, key: Extract['key'], found: readonly ResultColumn[]): readonly ResultColumn[] =>
  (typeof key === 'string' ? [key] : (key ?? [])).map((name) => {
    const column = found.find((one) => one.name === name);
    if (column !== undefined) return column;
    throw new ValidationError(
      `dataset "${dataset}": the key's column "${name}" is not among the columns ${found.map((one) => one.name).join(', ')}`,
    );
  });

const keyset = (keys: readonly ResultColumn[], after: readonly string[] | null): string => {
  if (keys.length === 0) return '';
  const names = keys.map(({ name }) => ident(name).text);
  const values = keys.map(({ cast }, index) => `pg_catalog.current_setting('${cursorPrefix}${index + 1}')::${cast}`);
  const behind = after === null ? '' : ` WHERE (${names.join(', ')}) > (${values.join(', ')})`;
  return `${behind} ORDER BY ${names.join(', ')}`;
};
