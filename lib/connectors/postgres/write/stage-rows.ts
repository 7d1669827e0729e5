import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { ValidationError } from '../../../contract/errors.ts';
import { quotedValue, withoutValues } from '../../../exact/quoted-value.ts';
import { copyText, type TextRow } from './copy-text.ts';
import { type StagedColumn, stagedColumns, staging } from './staging.ts';
import type { TargetColumn } from './target-table.ts';

/**
 * Copies batches of rows into the staging table. A ValidationError names the row and column of a value that the server refuses. `rows` may fail with its own
 * error.
 */
export async function stageRows(
  client: pg.Client,
  columns: readonly TargetColumn[],
  rows: AsyncIterable<readonly TextRow[]>,
): Promise<void> {
  const staged = stagedColumns(columns);
  const { rows: found } = await client.query<{ version: string }>('SELECT pg_catalog.version() AS version');
  // The database of offline runs speaks the protocol, except for COPY FROM.
  if (found[0]?.version.includes('PGlite')) return insertRows(client, { columns, staged }, widened(rows, staged));
  try {
    await copyRows(client, staged, widened(rows, staged));
  } catch (error) {
    throw refusedValue(error, columns) ?? error;
  }
}

/** The rows, with the texts of all columns of the staging table. */
async function* widened(
  rows: AsyncIterable<readonly TextRow[]>,
  staged: readonly StagedColumn[],
): AsyncGenerator<readonly TextRow[]> {
  let number = 0;
  for await (const batch of rows) {
    const first = number + 1;
    number += batch.length;
    yield batch.map((row, index) => staged.map(({ of }) => of(row, first + index)));
  }
}

const copyRows = async (
  client: pg.Client,
  staged: readonly StagedColumn[],
  rows: AsyncIterable<readonly TextRow[]>,
): Promise<void> => {
  // In the bundle, a CommonJS package has a default export only.
  const { default: copyStreams } = await import('pg-copy-streams');
  const names = staged.map(({ name }) => name).join(', ');
  const texts = async function* (): AsyncGenerator<Buffer> {
    for await (const batch of rows) yield Buffer.from(copyText(batch), 'utf8');
  };
  const copy = client.query(copyStreams.from(`COPY ${staging} (${names}) FROM STDIN (FORMAT text, ENCODING 'UTF8')`));
  await pipeline(Readable.from(texts(), { highWaterMark: 2 }), copy);
};

/** A row is one line of COPY. A line about the inside of the value may come before it. */
const place = /^COPY daybreak_staging, line (?<row>\d+)(?:, column c(?<column>\d+)(?:: "(?<value>[\s\S]*)")?)?/m;

/** The server's message for a value that it refuses, with the row and column of the value; null for any other error. */
const refusedValue = (error: unknown, columns: readonly TargetColumn[]): ValidationError | null => {
  const { code = '', message = '', where = '' } = error as { code?: string; message?: string; where?: string };
  const { row, column, value } = place.exec(where)?.groups ?? {};
  if (row === undefined || !/^(?:0A|2[23]|2F|3F|42)/.test(code)) return null;
  const { name, shown } = columns[Number(column)] ?? {};
  const at = name === undefined ? `row ${row}` : `row ${row}, column "${name}" (${shown})`;
  return new ValidationError(
    `${at}: ${withoutValues(message)} (SQLSTATE ${code})${value === undefined ? '' : `: ${quotedValue(value)}`}`,
  );
};

interface Inserting {
  readonly columns: readonly TargetColumn[];
  readonly staged: readonly StagedColumn[];
}

const insertRows = async (
  client: pg.Client,
  { columns, staged }: Inserting,
  rows: AsyncIterable<readonly TextRow[]>,
): Promise<void> => {
  const arrays = staged.map((_, index) => `$${index + 1}::text[]`).join(', ');
  const names = staged.map(({ name }) => name).join(', ');
  // Assigning to the column is stricter than a cast to its full type, which would cut.
  const values = staged.map(({ name, type }, index) => `${name}::${columns[index]?.cast ?? type}`).join(', ');
  const text = `INSERT INTO ${staging} (${names}) SELECT ${values} FROM unnest(${arrays}) AS given(${names})`;
  for await (const batch of rows)
    await client.query(
      text,
      staged.map((_, index) => batch.map((row) => row[index] ?? null)),
    );
};
