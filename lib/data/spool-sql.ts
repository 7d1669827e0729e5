import { quoteName, quoteText } from '../duckdb/quote.ts';
import { type Column, renderColumnType } from './column-type.ts';
import { csvFormOf } from './csv-forms.ts';
import type { Spool } from './spool.ts';

/** DuckDB reads JSON in blocks of twice this; less than its 16 MB, so that rows of a usual width need little memory. */
const leastObjectSize = 1024 * 1024;

const columnTypes = (columns: readonly Column[], typeOf: (column: Column) => string): string =>
  `{${columns.map((column) => `${quoteName(column.name)}: ${quoteText(typeOf(column))}`).join(', ')}}`;

/** SQL for the rows of a spool in their order, each column of its type; fails where a field of CSV does not fit. */
export const spoolSql = (spool: Spool, columns: readonly Column[]): string => {
  if (spool.form === 'csv') return `SELECT ${columns.map(checkedField).join(', ')} FROM ${csvSql(spool, columns)}`;
  const types = columnTypes(columns, ({ type }) => renderColumnType(type));
  // A character has up to three bytes.
  const size = Math.max(leastObjectSize, spool.longest * 3 + 16);
  return `SELECT * FROM read_json(${quoteText(spool.file)}, format = 'newline_delimited', records = true, auto_detect = false, columns = ${types}, maximum_object_size = ${size})`;
};

const checkedField = ({ name, type }: Column): string => {
  const field = quoteName(name);
  const form = csvFormOf(type);
  if (form === null) return field;
  const misfit = `CAST(error('misfit') AS ${renderColumnType(type)})`;
  return `CASE WHEN ${field} IS NULL OR ${form.fits(field)} THEN ${form.cast(field)} ELSE ${misfit} END AS ${field}`;
};

/** Fields as text, those that are empty without quotes as null: RFC 4180 with PostgreSQL's way to write NULL. */
const csvSql = (spool: Spool, columns: readonly Column[]): string => {
  const line = Math.max(2 * 1024 * 1024, spool.longest + 16);
  const options = [
    `auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false`,
    `strict_mode = true, null_padding = false, ignore_errors = false, max_line_size = ${line}, buffer_size = ${line * 8}`,
    // Where a line break may stand in a field, no thread can begin in the middle.
    `parallel = ${!spool.hasBrokenLines}, columns = ${columnTypes(columns, () => 'VARCHAR')}`,
  ];
  return `read_csv(${quoteText(spool.file)}, ${options.join(', ')})`;
};

/** SQL for the first row of a CSV spool with a field that does not fit: its `number` from 1, and per column the value, or null where it fits. */
export const firstMisfitSql = (spool: Spool, columns: readonly Column[]): string => {
  const misfits = columns.map(({ name, type }, index) => {
    const field = quoteName(name);
    const form = csvFormOf(type);
    const fits = form === null ? 'true' : `(${form.fits(field)} AND ${form.cast(field, 'TRY_CAST')} IS NOT NULL)`;
    return `CASE WHEN ${field} IS NOT NULL AND NOT ${fits} THEN ${field} END AS c${index}`;
  });
  const some = columns.map((_, index) => `c${index}`).join(', ');
  const rows = `SELECT row_number() OVER () AS number, * FROM ${csvSql(spool, columns)}`;
  return `SELECT number, ${some} FROM (SELECT number, ${misfits.join(', ')} FROM (${rows})) WHERE coalesce(${some}) IS NOT NULL LIMIT 1`;
};
