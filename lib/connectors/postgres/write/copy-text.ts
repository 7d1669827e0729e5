import { ValidationError } from '../../../contract/errors.ts';
import { Misfit, shownValue } from '../../../data/encode/misfit.ts';
import type { AnyRow } from '../../row-batches.ts';
import type { TargetColumn } from './target-table.ts';

/** A row's values as PostgreSQL's input functions read them; null for null. */
export type TextRow = readonly (string | null)[];

/** The texts of a row; `number` is the row's, from 1. A ValidationError names row, column and value if the column would not hold the value exactly. */
export function rowTexts(columns: readonly TargetColumn[], row: AnyRow, number: number): TextRow {
  return columns.map((column) => {
    const value = Object.hasOwn(row, column.name) ? row[column.name] : undefined;
    try {
      return textOf(column, value);
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      const place = `row ${number}, column "${column.name}"${error.path} (${column.shown})`;
      if (value === undefined)
        throw new ValidationError(
          `${place}: the row has no such column; it has ${Object.keys(row).slice(0, 20).join(', ')}`,
        );
      throw new ValidationError(`${place}: ${error.message}: ${shownValue(error.value)}`);
    }
  });
}

const textOf = ({ encoder, isNullable }: TargetColumn, value: unknown): string | null => {
  if (value === null && isNullable) return null;
  if (value === null) throw new Misfit('the column is NOT NULL', null);
  if (value === undefined) throw new Misfit('it is missing', undefined);
  const text = encoder.encode(value);
  if (text.includes('\0')) throw new Misfit('it holds a NUL character, which PostgreSQL does not store', value);
  if (!text.isWellFormed()) throw new Misfit('it holds half a surrogate pair', value);
  return text;
};

/** Rows as lines of COPY's text format, in which every text has exactly one form: NULL is `\N`. */
export function copyText(rows: readonly TextRow[]): string {
  return rows.map((row) => `${row.map((text) => (text === null ? '\\N' : escaped(text))).join('\t')}\n`).join('');
}

const special = /[\\\n\r\t]/g;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escaped = (text: string): string => text.replaceAll(special, (found) => escapes[found] ?? found);
