import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { ident } from '../sql.ts';
import { copyText } from './copy-text.ts';
import { staging } from './merge.ts';
import type { TargetTable } from './target-table.ts';

/** Rows as texts, one list per row. */
export type TextRows = readonly (readonly (string | null)[])[];

/** Puts rows into the staging table; `rows` may fail with an error of its own, which is thrown as something of the stream's. */
export async function stageRows(client: pg.Client, table: TargetTable, rows: AsyncIterable<TextRows>): Promise<void> {
  const { rows: found } = await client.query<{ version: string }>('SELECT pg_catalog.version() AS version');
  // The database of offline runs speaks the protocol but for COPY FROM.
  if (found[0]?.version.includes('PGlite')) return insertRows(client, table, rows);
  const { from } = await import('pg-copy-streams');
  const names = table.columns.map(({ name }) => ident(name).text).join(', ');
  const texts = async function* (): AsyncGenerator<Buffer> {
    for await (const batch of rows) yield Buffer.from(copyText(batch), 'utf8');
  };
  const copy = client.query(from(`COPY pg_temp.${staging} (${names}) FROM STDIN (FORMAT text, ENCODING 'UTF8')`));
  await pipeline(Readable.from(texts(), { highWaterMark: 2 }), copy);
}

const insertRows = async (
  client: pg.Client,
  { columns }: TargetTable,
  rows: AsyncIterable<TextRows>,
): Promise<void> => {
  const arrays = columns.map((_, index) => `$${index + 1}::text[]`).join(', ');
  const names = columns.map((_, index) => `c${index}`).join(', ');
  const values = columns.map(({ type }, index) => `c${index}::${type}`).join(', ');
  const text = `INSERT INTO pg_temp.${staging} SELECT ${values} FROM unnest(${arrays}) AS given(${names})`;
  for await (const batch of rows)
    await client.query(
      text,
      columns.map((_, index) => batch.map((row) => row[index] ?? null)),
    );
};
