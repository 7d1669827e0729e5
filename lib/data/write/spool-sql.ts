import { type Column, renderColumnType } from '../../columns/column-type.ts';
import { quoteName, quoteText } from '../../duckdb/quote.ts';
import { csvFormOf } from '../encode/csv-forms.ts';
import type { Spool } from './spool.ts';

/** DuckDB reads JSON in blocks of twice this size. It is below DuckDB's default of 16 MB, so that rows of a usual width need little memory. */
const leastObjectSize = 1024 * 1024;

const columnTypes = (columns: readonly Column[], typeOf: (column: Column) => string): string =>
  `{${columns.map((column) => `${quoteName(column.name)}: ${quoteText(typeOf(column))}`).join(', ')}}`;

/** Returns SQL for the rows of a spool in their order, each column in its type. The SQL fails if a CSV field does not fit. */
export function spoolSql(spool: Spool, columns: readonly Column[]): string {
  if (spool.form === 'csv' && spool.isExact) return exactSql(spool, columns);
  if (spool.form === 'csv') return `SELECT ${columns.map(checkedField).join(', ')} FROM ${csvSql(spool, columns)}`;
  const types = columnTypes(columns, ({ type }) => renderColumnType(type));
  const size = Math.max(leastObjectSize, spool.longest + 16);
  return `SELECT * FROM read_json(${quoteText(spool.file)}, format = 'newline_delimited', records = true, auto_detect = false, columns = ${types}, maximum_object_size = ${size})`;
}

/** DuckDB reads the fields directly as their types, which takes a third of the time. */
const exactSql = (spool: Spool, columns: readonly Column[]): string => {
  const fields = columns.map((column) => (isRead(column) ? quoteName(column.name) : exactField(column)));
  return `SELECT ${fields.join(', ')} FROM ${csvSql(spool, columns, (column) => (isRead(column) ? renderColumnType(column.type) : 'VARCHAR'))}`;
};

/** True if DuckDB's own parser of a type accepts PostgreSQL's output, and rejects values that DuckDB cannot hold. */
const isRead = ({ type }: Column): boolean => !['LIST', 'STRUCT', 'DATE', 'TIMESTAMP'].includes(type.kind);

/** PostgreSQL's days and moments may be infinite, before Christ, or of years with five digits, and DuckDB would drop ` BC`. All others have one form. */
const exactField = (column: Column): string => {
  const { name, type } = column;
  const field = quoteName(name);
  if (type.kind !== 'DATE' && type.kind !== 'TIMESTAMP') return checkedField(column);
  const last = type.kind === 'DATE' ? '9999-12-31' : '9999-12-31 23:59:59.999999';
  const hasForm =
    type.kind === 'DATE' ? `length(${field}) = 10` : `length(${field}) >= 19 AND NOT suffix(${field}, 'C')`;
  const fits = `${hasForm} AND CAST(${field} AS ${type.kind}) <= ${type.kind} '${last}'`;
  return `CASE WHEN ${field} IS NULL OR (${fits}) THEN CAST(${field} AS ${type.kind}) ELSE CAST(error('misfit') AS ${type.kind}) END AS ${field}`;
};

const checkedField = ({ name, type }: Column): string => {
  const field = quoteName(name);
  const form = csvFormOf(type);
  if (form === null) return field;
  if (form.isChecked) return `${form.cast(field)} AS ${field}`;
  const misfit = `CAST(error('misfit') AS ${renderColumnType(type)})`;
  return `CASE WHEN ${field} IS NULL OR ${form.fits(field)} THEN ${form.cast(field)} ELSE ${misfit} END AS ${field}`;
};

/** Reads fields as text, and empty fields without quotes as null: RFC 4180 with PostgreSQL's notation for NULL. */
const csvSql = (
  spool: Spool,
  columns: readonly Column[],
  typeOf: (column: Column) => string = () => 'VARCHAR',
): string => {
  const line = Math.max(2 * 1024 * 1024, spool.longest + 16);
  const options = [
    `auto_detect = false, header = false, new_line = '\\n', delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false`,
    `strict_mode = true, null_padding = false, ignore_errors = false, max_line_size = ${line}, buffer_size = ${line * 8}`,
    // No thread can begin in the middle if a field may hold a line break.
    `parallel = ${!spool.hasBrokenLines}, columns = ${columnTypes(columns, typeOf)}`,
  ];
  return `read_csv(${quoteText(spool.file)}, ${options.join(', ')})`;
};

/** Returns SQL for the first row of a CSV spool with a field that does not fit: its `number` from 1, and per column the value, or null if it fits. */
export function firstMisfitSql(spool: Spool, columns: readonly Column[]): string {
  const misfits = columns.map(({ name, type }, index) => {
    const field = quoteName(name);
    const form = csvFormOf(type);
    const isCast = form?.isChecked ? 'true' : `${form?.cast(field, 'TRY_CAST')} IS NOT NULL`;
    const fits = form === null ? 'true' : `(${form.fits(field)} AND ${isCast})`;
    return `CASE WHEN ${field} IS NOT NULL AND NOT ${fits} THEN ${field} END AS c${index}`;
  });
  const some = columns.map((_, index) => `c${index}`).join(', ');
  const rows = `SELECT row_number() OVER () AS number, * FROM ${csvSql(spool, columns)}`;
  return `SELECT number, ${some} FROM (SELECT number, ${misfits.join(', ')} FROM (${rows})) WHERE coalesce(${some}) IS NOT NULL LIMIT 1`;
}
