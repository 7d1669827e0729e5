import { ValidationError } from '../../../contract/errors.ts';
import type { AnyRow } from '../../row-batches.ts';
import { valueText } from '../value-text.ts';

/** A column of the table, as far as it matters for how values are written. */
export interface TargetColumn {
  readonly name: string;
  /** By PostgreSQL's name, `numeric(18,2)`. */
  readonly type: string;
  readonly isArray: boolean;
  readonly isJson: boolean;
}

/** A row's values as PostgreSQL's input functions read them, null for null; `number` is the row's, for errors. */
export function rowTexts(columns: readonly TargetColumn[], row: AnyRow, number: number): (string | null)[] {
  return columns.map((column) => textOf(column, row, number));
}

/** Rows as lines of COPY's text format, in which every text has exactly one form: NULL is `\N`. */
export function copyText(rows: readonly (readonly (string | null)[])[]): string {
  return rows.map((row) => `${row.map((text) => (text === null ? '\\N' : escaped(text))).join('\t')}\n`).join('');
}

const textOf = (column: TargetColumn, row: AnyRow, number: number): string | null => {
  const value = row[column.name];
  if (value === null) return null;
  const wrong = (problem: string) =>
    new ValidationError(`row ${number}, column "${column.name}" (${column.type}): ${problem}`);
  if (value === undefined)
    throw wrong(`the row has no such column; it has ${Object.keys(row).slice(0, 20).join(', ')}`);
  const text = column.isJson ? JSON.stringify(value, exactBigint) : plain(value, column, wrong);
  if (text.includes('\0')) throw wrong('it holds a NUL character, which PostgreSQL does not store');
  if (!text.isWellFormed()) throw wrong('it holds half a surrogate pair');
  return text;
};

const plain = (value: unknown, column: TargetColumn, wrong: (problem: string) => Error): string => {
  if (typeof value === 'string') return value;
  const isPlain = typeof value !== 'object' || value instanceof Date || value instanceof Uint8Array;
  if (Array.isArray(value) ? !column.isArray : !isPlain)
    throw wrong(
      `${Array.isArray(value) ? 'a list' : 'an object'} needs a column of type jsonb${Array.isArray(value) ? ' or an array' : ''}`,
    );
  try {
    return valueText(value, 1) ?? '';
  } catch {
    throw wrong(`${typeof value} cannot be stored`);
  }
};

/** JSON has numbers of any length, and JSON.stringify no bigints. */
const exactBigint = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(String(value)) : value;

const special = /[\\\n\r\t]/g;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escaped = (text: string): string => text.replaceAll(special, (found) => escapes[found] ?? found);
