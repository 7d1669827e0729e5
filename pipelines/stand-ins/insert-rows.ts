import type pg from 'pg';

/** Rows per statement: a few MB of parameters. */
const batchSize = 10_000;

type Column<Row> = readonly [type: string, value: (row: Row) => string | number | null];

/** Inserts rows; each column is its PostgreSQL type and its value in a row. */
export async function insertRows<Row>(
  client: pg.Client,
  table: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): Promise<void> {
  const arrays = columns.map(([type], index) => `$${index + 1}::${type}[]`).join(', ');
  for (let start = 0; start < rows.length; start += batchSize) {
    const batch = rows.slice(start, start + batchSize);
    const values = columns.map(([, value]) => batch.map(value));
    await client.query(`INSERT INTO ${table} SELECT * FROM unnest(${arrays})`, values);
  }
}
