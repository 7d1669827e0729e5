import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import type { QueryLineage } from '../../../lib/contract/lineage/column-lineage.ts';
import { connectWithTables, follow, tables } from './follow.ts';
import { queries } from './queries.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await connectWithTables();
});

test('the lineage misses no input: if the values of a column change, only columns change that name it', async () => {
  let changes = 0;
  for (const { sql } of queries) changes += await disturb(sql, 10);
  // The data can show a loss: most inputs that are named do change something.
  expect(changes).toBeGreaterThan(queries.length * 10);
}, 300_000);

let seed = 12_345;
const chance = (below: number): number => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.floor((seed / 2_147_483_648) * below);
};

const literals: Readonly<Record<string, () => string>> = {
  l: () => `[${Array.from({ length: chance(4) }, () => chance(4)).join(', ')}]::INTEGER[]`,
  r: () => `{'p': ${chance(5)}, 'q': ${chance(5)}}`,
};
const literal = (column: string): string => (chance(9) === 0 ? 'NULL' : (literals[column]?.() ?? String(chance(5))));

type Data = ReadonlyMap<string, readonly string[][]>;

const randomData = (): Data =>
  new Map(
    tables.map(({ dataset, columns }) => [
      dataset,
      Array.from({ length: 2 + chance(5) }, () => columns.map((column) => literal(column))),
    ]),
  );

/** The columns of a query's result. Without an ORDER BY at its end the rows have no order, so each column is sorted. */
async function resultOf(sql: string, data: Data): Promise<string[]> {
  for (const [dataset, rows] of data) {
    await connection.run(`DELETE FROM s.${dataset}`);
    await connection.run(`INSERT INTO s.${dataset} VALUES ${rows.map((row) => `(${row.join(', ')})`).join(', ')}`);
  }
  const read = await connection.runAndReadAll(sql);
  const isOrdered = /ORDER BY [^)]*$/.test(sql);
  return read
    .getColumnsJson()
    .map((column) => column.map((value) => JSON.stringify(value)))
    .map((column) => JSON.stringify(isOrdered ? column : column.toSorted()));
}

/** Changes each input column on its own. Fails if a column of the result changes that does not name it; returns how many changes showed. */
async function disturb(sql: string, times: number): Promise<number> {
  const lineage = await follow(connection, sql);
  let changes = 0;
  for (let time = 0; time < times; time++) {
    const data = randomData();
    const before = await resultOf(sql, data);
    for (const { dataset, columns } of tables)
      for (const [index, column] of columns.entries()) {
        const rows = (data.get(dataset) ?? []).map((row) => row.with(index, literal(column)));
        const after = await resultOf(sql, new Map([...data, [dataset, rows]]));
        const changed = lineage.columns.filter((_, at) => before[at] !== after[at]);
        changes += changed.length;
        const lost = changed.filter(({ inputs }) => !names([...inputs, ...lineage.rows], dataset, column));
        expect(lost.map(({ name }) => `${sql}: ${name} changes with ${dataset}.${column}`)).toEqual([]);
      }
  }
  return changes;
}

const names = (inputs: QueryLineage['rows'], dataset: string, column: string): boolean =>
  inputs.some((input) => input.dataset === dataset && input.column === column);
