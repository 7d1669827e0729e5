import { createHash } from 'node:crypto';
import type { Column, ColumnType } from '../../columns/column-type.ts';
import type { ContentSums } from '../../contract/records/dataset.ts';
import { quoteName, quoteText } from '../../duckdb/quote.ts';

/** The sums of an empty dataset. */
export const noContent: ContentSums = { sum: '0', mixed: '0' };

/**
 * Returns a query for the sums that a part adds to a dataset's content: its rows, the sum of their hashes, and the sum of the hashes of those. DuckDB computes
 * a row's hash over its number in the dataset and all its values. Sums do not depend on the division of rows into parts, and a writer that continues needs only
 * them.
 */
export function partSumsSql(columns: readonly Column[], file: string, rowsBefore: number): string {
  const path = quoteText(file);
  // DuckDB cannot number the rows of a file that has a column of that name. Counting the rows takes longer.
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

/** Adds the sums of one more part, as `partSumsSql` returns them. */
export function addSums(sums: ContentSums, part: Readonly<Record<string, unknown>>): ContentSums {
  return {
    sum: String(BigInt(sums.sum) + BigInt(String(part.sum ?? 0))),
    mixed: String(BigInt(sums.mixed) + BigInt(String(part.mixed ?? 0))),
  };
}

/** Returns the digest of a dataset's content, in hex. It is equal for equal columns and rows, independent of the writer. 0 and -0 count as equal. */
export function contentDigest(
  columns: Readonly<Record<string, string>>,
  rows: number,
  { sum, mixed }: ContentSums,
): string {
  return createHash('sha256')
    .update(JSON.stringify([Object.entries(columns), rows, sum, mixed]))
    .digest('hex');
}

/** Returns SQL for the hashed form of a row besides its number. No two rows with the same columns share it (except by chance: 1 in 2^64). */
export function hashedValues(columns: readonly Column[]): string {
  return columns.map(({ name, type }) => hashedValue(quoteName(name), type)).join(', ');
}

/**
 * Hashes a nested value again at each level, together with the facts that DuckDB's own hash loses. DuckDB's hash does not distinguish an empty list, a list of
 * nulls and null, nor a struct of nulls and null. It also joins parts by XOR, with 0 for 0, so [[0, 1], [1, 0]] equals [[0, 0], [0, 0]].
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
