import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseColumns } from '../../../lib/columns/columns.ts';
import { chunkDecoder } from '../../../lib/data/read/vectors/chunk-decoder.ts';
import type { ColumnValues } from '../../../lib/data/read/vectors/column-opener.ts';
import type { Row, Value } from '../../../lib/data/row.ts';
import { openEngine } from '../../../lib/duckdb/open-engine.ts';
import { quoteName, quoteText } from '../../../lib/duckdb/quote.ts';
import type { Session } from '../../../lib/duckdb/session.ts';
import { sized } from '../../support/sized.ts';
import { arbitraryColumns } from './arbitrary-column.ts';

let session: Session;
beforeAll(async () => {
  session = await (await openEngine()).session();
});
afterAll(() => session.close());

/** Values of a column, taken from rows. */
const asInRows = ({ values, nulls }: ColumnValues): Value[] =>
  Array.from(values as ArrayLike<Value>, (value, at) => {
    if (nulls?.[at] === 1) return null;
    return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
  });

const decodeAll = async (declared: Record<string, string>, sql: string): Promise<Row[]> => {
  const decoder = chunkDecoder(parseColumns('d', declared));
  const rows: Row[] = [];
  for await (const chunk of session.stream(sql)) {
    const first = rows.length;
    for (const piece of decoder.rows(chunk)) rows.push(...piece);
    // Columns give the same values.
    let at = first;
    for (const { rowCount, columns } of decoder.columns(chunk)) {
      expect(Object.keys(columns)).toEqual(Object.keys(declared));
      for (const [name, column] of Object.entries(columns)) {
        expect(asInRows(column)).toStrictEqual(rows.slice(at, at + rowCount).map((row) => row[name]));
      }
      at += rowCount;
    }
    expect(at).toBe(rows.length);
  }
  return rows;
};

test('values of any type, nested and null anywhere, read back unchanged from a table and from Parquet', async () => {
  const file = join(session.folder, 'values.parquet');
  await fc.assert(
    fc.asyncProperty(arbitraryColumns, async ({ columns, rows }) => {
      const declared = Object.fromEntries(columns.map(({ name, type }) => [name, type]));
      const expected = rows.map((row) =>
        Object.fromEntries(row.map(({ read }, index) => [columns[index]?.name ?? '', read])),
      );
      await session.run(
        `CREATE OR REPLACE TABLE written (${columns.map(({ name, type }) => `${quoteName(name)} ${type}`).join(', ')})`,
      );
      await session.run(
        `INSERT INTO written VALUES ${rows.map((row) => `(${row.map(({ sql }) => sql).join(', ')})`).join(', ')}`,
      );
      expect(await decodeAll(declared, 'FROM written')).toStrictEqual(expected);
      await session.run(`COPY written TO ${quoteText(file)} (FORMAT parquet, COMPRESSION zstd)`);
      expect(await decodeAll(declared, `FROM read_parquet(${quoteText(file)})`)).toStrictEqual(expected);
    }),
    { numRuns: sized(20, 200) },
  );
});
