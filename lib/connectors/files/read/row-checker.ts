import { type Column, type ColumnType, renderColumnType } from '../../../columns/column-type.ts';
import { ValidationError } from '../../../contract/errors.ts';
import { Misfit, shownValue } from '../../../data/encode/misfit.ts';
import { csvLine } from '../csv-line.ts';
import type { Fields } from './csv-records.ts';
import { type FieldText, fromJson, fromText } from './field-text.ts';
import { notText } from './text-blocks.ts';

/** Converts a record to a line of the writer's CSV, or returns the reason why it cannot. */
export type Checked = { readonly line: string } | { readonly reason: string };

/** A rule for rows beyond the types of their columns: returns null for a good row, else the reason. Values are texts as they are stored. */
export type RowRule = (row: Readonly<Record<string, string | null>>) => string | null;

const checker =
  (columns: readonly Column[], encoders: readonly FieldText[], rule: RowRule | undefined) =>
  (values: readonly unknown[]): Checked => {
    const fields: (string | null)[] = [];
    for (let index = 0; index < columns.length; index += 1) {
      const value = values[index];
      try {
        fields.push(value === null || value === undefined ? null : (encoders[index]?.(value) ?? null));
      } catch (error) {
        const column = columns[index];
        if (!(error instanceof Misfit) || column === undefined) throw error;
        return { reason: whyMisfit(error, column, value) };
      }
    }
    const row = rule && Object.fromEntries(columns.map(({ name }, index) => [name, fields[index] ?? null]));
    const reason = row ? rule(row) : null;
    return reason === null ? { line: csvLine(fields) } : { reason };
  };

function whyMisfit(misfit: Misfit, { name, type }: Column, value: unknown): string {
  const place = `column "${name}"${misfit.path === '' ? '' : ` at ${misfit.path}`}`;
  const isText = typeof value === 'string' && value.includes(notText);
  const why = isText ? 'it holds bytes that are not UTF-8, or NUL' : misfit.message;
  const shown = isText ? shownValue(misfit.value).replaceAll('\\u0000', '\\x') : shownValue(misfit.value);
  return `${place}: ${shown} does not fit ${renderColumnType(type)}: ${why}`;
}

/** Checks JSON objects or stored rows. Takes every declared column, null if it is missing; ignores other keys, unless one differs only in case. */
export function objectChecker(columns: readonly Column[], rule?: RowRule, textOf: TextOf = fromJson) {
  const check = checker(
    columns,
    columns.map(({ type }) => textOf(type)),
    rule,
  );
  return (record: Readonly<Record<string, unknown>>): Checked => {
    for (const { name } of columns) {
      const other = Object.hasOwn(record, name) ? undefined : sameButForCase(name, record);
      if (other !== undefined) return { reason: `it has ${JSON.stringify(other)} in place of "${name}"` };
    }
    return check(columns.map(({ name }) => (Object.hasOwn(record, name) ? record[name] : null)));
  };
}

const sameButForCase = (name: string, record: object): string | undefined => {
  const folded = name.toLowerCase();
  return Object.keys(record).find((key) => key.length === name.length && key.toLowerCase() === folded);
};

type TextOf = (type: ColumnType) => FieldText;

interface FieldRules {
  readonly file: string;
  readonly header: Fields | null;
  readonly nulls: readonly string[];
  /** Columns that the header may lack; they are null then. */
  readonly optional?: readonly string[];
  readonly rule?: RowRule | undefined;
}

/** Checks fields by the file's header (null: the columns in their order). A header that lacks a column, or has one twice, is a ValidationError. */
export function fieldsChecker(columns: readonly Column[], { file, header, nulls, optional = [], rule }: FieldRules) {
  const names = header ?? columns.map(({ name }) => name);
  const missing = columns.flatMap(({ name }) => (names.includes(name) || optional.includes(name) ? [] : [name]));
  const twice = columns.filter(({ name }) => names.indexOf(name) !== names.lastIndexOf(name)).map(({ name }) => name);
  if (missing.length > 0) {
    const there = names.map((name) => (/^[\w .-]+$/.test(name ?? '') ? name : JSON.stringify(name ?? ''))).join(', ');
    throw new ValidationError(`${file}:1: the header has no ${missing.join(', ')}; it has ${there.slice(0, 500)}`);
  }
  if (twice.length > 0) throw new ValidationError(`${file}:1: the header has ${twice.join(', ')} twice`);
  const positions = columns.map(({ name }) => names.indexOf(name));
  const check = checker(
    columns,
    columns.map(({ type }) => fromText(type)),
    rule,
  );
  const isNull = new Set(nulls);
  const first = header?.join('\n');
  const checkFields = (fields: Fields): Checked => {
    // Files that were joined have the header of each of them. A value may equal the name of its only column.
    if (
      fields.length > 1 &&
      fields[0]?.replace(/^\ufeff/, '') === names[0] &&
      fields.join('\n').replace(/^\ufeff/, '') === first
    )
      return { reason: 'it is the header again' };
    if (fields.length !== names.length)
      return { reason: `it has ${fields.length} fields, and ${names.length} are expected` };
    return check(
      positions.map((position) => {
        const field = fields[position] ?? null;
        return field !== null && isNull.has(field) ? null : field;
      }),
    );
  };
  return { fields: names.length, check: checkFields };
}
