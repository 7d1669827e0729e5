import { parseColumns } from '../../../columns/columns.ts';
import type { Columns, Step } from '../../../runtime/step.ts';
import type { Sql, SqlValue } from '../sql.ts';
import { bindValues, setSettings } from './bind-values.ts';
import { boundQuery } from './bound-query.ts';
import { CopyOut, type RowChunk } from './copy-out.ts';
import { describeQuery, matchColumns, type ResultColumn } from './describe-query.ts';
import { keyOrder } from './key-order.ts';
import { type KeyedChunk, keyedChunks } from './keyset.ts';
import type { Snapshot } from './snapshot.ts';

/** The part of a step that an extraction uses. */
export type ExtractingStep = Pick<Step, 'signal' | 'writer' | 'progress' | 'checkpoint' | 'yieldIfDue'>;

/** One dataset from one query. */
export interface Extract {
  readonly dataset: string;
  /** Column name to column type, as for `step.writer`. The query's columns have these names, in any order. */
  readonly columns: Columns;
  /** Made by sql`...`. */
  readonly query: Sql;
  /**
   * Columns that are never null and together identify a row (a primary key). Rows come in their order, so a long step can continue behind the last row in a new
   * invocation.
   */
  readonly key?: string | readonly string[];
  /**
   * Divides the rows at these values of a column: `{ by: 'id', bounds: [1000, 2000] }` is below 1000, from 1000, from 2000. Ranges are read in parallel and
   * stored in this order; the rows of a range are not sorted.
   */
  readonly ranges?: { readonly by: string; readonly bounds: readonly SqlValue[] };
  /** The number of ranges that are read in parallel, each through its own connection; 2 by default. */
  readonly connections?: number;
  /** The expected number of rows, for the estimate. */
  readonly total?: number | null;
}

/** A query that the server has understood, as a COPY. */
export interface PreparedExtract {
  readonly found: readonly ResultColumn[];
  readonly copy: string;
  readonly keyPositions: readonly number[];
}

/**
 * Binds the values, lets the server check the query, and compares its columns with the declared ones. Returns the COPY that reads all rows, or the rows behind
 * a cursor.
 */
export async function prepareExtract(
  snapshot: Snapshot,
  { dataset, columns, query, key }: Extract,
  after: readonly string[] | null,
): Promise<PreparedExtract> {
  const declared = parseColumns(dataset, columns);
  const doing = `reading ${dataset}`;
  const text = await bindValues(snapshot, doing, boundQuery(query));
  const found = await snapshot.run(doing, (client) => describeQuery(client, text));
  const expressions = matchColumns(dataset, declared, found);
  const hasLooseCollations = key !== undefined && (await snapshot.run(doing, findLooseCollations));
  const order = keyOrder({ dataset, key, after, hasLooseCollations }, found, declared);
  await snapshot.run(doing, (client) => setSettings(client, order.settings));
  return {
    found,
    copy: `COPY (SELECT ${expressions.join(', ')} FROM (${text}\n) AS extract${order.sql}) TO STDOUT (FORMAT csv, ENCODING 'UTF8')`,
    keyPositions: order.positions,
  };
}

const findLooseCollations = async (client: Snapshot['client']): Promise<boolean> => {
  const text = 'SELECT EXISTS (SELECT FROM pg_catalog.pg_collation WHERE NOT collisdeterministic) AS found';
  return (await client.query<{ found: boolean }>(text)).rows[0]?.found === true;
};

/** Rows of a prepared extract. With a key, the rows are cut where the key changes, and each chunk comes with its cursor. */
export function copyChunks(client: Snapshot['client'], { copy, keyPositions }: PreparedExtract) {
  const keyed = keyPositions.length > 0;
  const chunks = client.query(new CopyOut(copy, { withStarts: keyed })).chunks();
  return keyed ? keyedChunks(chunks, keyPositions) : withoutKey(chunks);
}

async function* withoutKey(chunks: AsyncIterable<RowChunk>): AsyncGenerator<KeyedChunk> {
  for await (const { bytes, rows } of chunks) yield { bytes, rows, after: null };
}
