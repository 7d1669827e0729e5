import type { ColumnType } from '../../columns/column-type.ts';
import type { CsvForm } from './csv-form.ts';
import { nestedCsvForm } from './nested-csv-form.ts';

const form =
  (pattern: string) =>
  (field: string): string =>
    `regexp_full_match(${field}, '${pattern}')`;

const to =
  (type: string) =>
  (field: string, word = 'CAST'): string =>
    `${word}(${field} AS ${type})`;

const year = '(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})';
const day = `${year}-[0-9]{2}-[0-9]{2}`;
const time = '([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?';
const zone = '(Z|[+-][0-9]{2}(:?[0-9]{2})?)?';
const number = '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?';

/** SQL for the significant digits of a number's text. */
const digits = (text: string): string =>
  `trim(regexp_replace(regexp_replace(${text}, '[eE].*', ''), '[^0-9]', '', 'g'), '0')`;

/** SQL that is true if a number's text names its nearest double; see `namesDouble`. Every double holds 15 digits. */
const namesDouble = (field: string): string => {
  const double = `TRY_CAST(${field} AS DOUBLE)`;
  const forms = [`${double}::VARCHAR`, `format('{:.15e}', ${double})`, `format('{:.16e}', ${double})`];
  const isExact = `TRY_CAST(${field} AS HUGEINT) = TRY_CAST(${double} AS HUGEINT) AND regexp_full_match(${field}, '[+-]?[0-9]+')`;
  return `(length(${field}) <= 15 OR (${isExact}) OR length(${digits(field)}) <= 15 OR ${digits(field)} IN (${forms.map(digits).join(', ')}))`;
};

/** DuckDB's own casts accept 1.5 as an integer, round decimals, and drop text after a moment or a day. So the form is checked first. */
const scalars: Readonly<Record<string, CsvForm>> = {
  BIGINT: { fits: form('[+-]?[0-9]+'), cast: to('BIGINT'), allowed: 'an integer between -2^63 and 2^63-1' },
  INTEGER: { fits: form('[+-]?[0-9]+'), cast: to('INTEGER'), allowed: 'an integer between -2^31 and 2^31-1' },
  DOUBLE: {
    // 1e999 is a number, not an infinity.
    fits: (field) =>
      `(${form(`${number}|NaN|[+-]?Infinity`)(field)} AND (contains(${field}, 'y') OR (NOT isinf(TRY_CAST(${field} AS DOUBLE)) AND ${namesDouble(field)})))`,
    cast: to('DOUBLE'),
    allowed: 'a number with at most 17 digits, NaN, Infinity or -Infinity',
  },
  BOOLEAN: { fits: form('t|f|true|false'), cast: to('BOOLEAN'), allowed: 't, f, true or false' },
  DATE: { fits: form(day), cast: to('DATE'), allowed: 'a day such as 2026-01-31, of the years 1 to 9999' },
  TIMESTAMP: {
    fits: form(`${day}[ T]${time}${zone}`),
    // Sessions are in UTC, so a moment without a zone is in UTC too.
    cast: (field, word = 'CAST') => `CAST(${word}(${field} AS TIMESTAMPTZ) AS TIMESTAMP)`,
    allowed: 'a moment such as 2026-01-31 12:00:00.123456+00 (UTC without a zone), of the years 1 to 9999',
  },
};

const decimal = (precision: number, scale: number): CsvForm => ({
  fits: form(`[+-]?([0-9]+([.][0-9]{0,${scale}}0*)?${scale === 0 ? '' : `|[.][0-9]{1,${scale}}0*`})`),
  cast: to(`DECIMAL(${precision},${scale})`),
  allowed: `a decimal with at most ${precision - scale} digits before the point and ${scale} after it`,
});

/** Returns the CSV form of a type; null for VARCHAR, which takes every text. */
export function csvFormOf(type: ColumnType): CsvForm | null {
  if (type.kind === 'LIST' || type.kind === 'STRUCT') return nestedCsvForm(type, csvFormOf);
  return type.kind === 'DECIMAL' ? decimal(type.precision, type.scale) : (scalars[type.kind] ?? null);
}
