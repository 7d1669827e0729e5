import { createHash } from 'node:crypto';
import type { Column, ColumnType } from '../../columns/column-type.ts';
import type { ContentSums } from '../../contract/records.ts';
import { quoteName, quoteText } from '../../duckdb/quote.ts';

/** The sums of no rows at all. */
export const noContent: ContentSums = { sum: '0', mixed: '0' };

/**
 * A query for what a part adds to a dataset's content: its rows, the sum of their hashes, and the sum of the hashes of those. A row's hash is DuckDB's, over its number in the dataset
 * and all its values. Sums do not care how rows were cut into parts, and a writer that goes on needs nothing but them.
 */
export function partSumsSql(columns: readonly Column[], file: string, rowsBefore: number): string {
  const path = quoteText(file);
  // DuckDB cannot number the rows of a file that has a column of that name; counting them takes longer.
  const isTaken = columns.some(({ name }) => name.toLowerCase() === 'file_row_number');
  const [number, from] = isTaken
    ? [
        '"number of the row" - 1',
        `(SELECT *, row_number() OVER () AS "number of the row" FROM read_parquet(${path}, hive_partitioning = false))`,
      ]
    : ['file_row_number', `read_parquet(${path}, file_row_number = true, hive_partitioning = false)`];
  const hashes = `SELECT hash(${number} + ${rowsBefore + 1}, ${hashedValues(columns)}) AS h FROM ${from}`;
  return `SELECT count(*) AS count, sum(h) AS sum, sum(hash(h)) AS mixed FROM (${hashes})`;
}

/** The sums with those of one more part, as `partSumsSql` gives them. */
export function addSums(sums: ContentSums, part: Readonly<Record<string, unknown>>): ContentSums {
  return {
    sum: String(BigInt(sums.sum) + BigInt(String(part.sum ?? 0))),
    mixed: String(BigInt(sums.mixed) + BigInt(String(part.mixed ?? 0))),
  };
}

/** The digest of a dataset's content, hex: equal for equal columns and rows, whoever wrote them. 0 and -0 count as equal. */
export function contentDigest(
  columns: Readonly<Record<string, string>>,
  rows: number,
  { sum, mixed }: ContentSums,
): string {
  return createHash('sha256')
    .update(JSON.stringify([Object.entries(columns), rows, sum, mixed]))
    .digest('hex');
}

/** What is hashed of a row besides its number, as SQL: no two rows of the same columns have the same (but for chance: 1 in 2^64). */
export function hashedValues(columns: readonly Column[]): string {
  return columns.map(({ name, type }) => hashedValue(quoteName(name), type)).join(', ');
}

/**
 * A nested value as a hash that tells apart what DuckDB's own hash does not: an empty list, one of nulls, and null; a struct of nulls, and null; and since it joins the parts by XOR, with 0
 * for 0, it takes [[0, 1], [1, 0]] for [[0, 0], [0, 0]]. So each level is hashed once more, with what it leaves out.
 */
const hashedValue = (value: string, type: ColumnType, depth = 0): string => {
  if (type.kind === 'LIST') {
    const element = `e${depth}`;
    const inside = hashedValue(element, type.element, depth + 1);
    const elements = inside === element ? value : `list_transform(${value}, lambda ${element}: ${inside})`;
    return `hash(hash(${elements}), len(${value}))`;
  }
  if (type.kind !== 'STRUCT') return value;
  const fields = type.fields.map((field) => {
    const extracted = `struct_extract(${value}, ${quoteText(field.name)})`;
    return { extracted, hashed: hashedValue(extracted, field.type, depth) };
  });
  const isFlat = fields.every(({ extracted, hashed }) => extracted === hashed);
  const all = isFlat ? value : fields.map(({ hashed }) => hashed).join(', ');
  return `hash(hash(${all}), ${value} IS NULL)`;
};
