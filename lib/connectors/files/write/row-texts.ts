import type { Column, ColumnType } from '../../../columns/column-type.ts';
import { valueEncoder } from '../../../data/encode/encode-value.ts';
import type { AnyRow } from '../../row-batches.ts';
import { csvLine } from '../csv-line.ts';

/** JSON of a value that fits its type, with every field of a struct. */
type Encoder = (value: unknown) => string;

const isNothing = (value: unknown): boolean => value === null || value === undefined;

const encoderOf = (type: ColumnType): Encoder => {
  if (type.kind === 'STRUCT') return fieldsEncoder(type.fields);
  const encode = type.kind === 'LIST' ? listEncoder(encoderOf(type.element)) : valueEncoder(type);
  return (value) => (isNothing(value) ? 'null' : encode(value));
};

const listEncoder =
  (element: Encoder): Encoder =>
  (value) =>
    `[${Array.from(value as readonly unknown[], element).join(',')}]`;

const fieldsEncoder = (fields: readonly Column[]): Encoder => {
  const encoders = fields.map(({ name, type }) => ({
    name,
    lead: `${JSON.stringify(name)}:`,
    encode: encoderOf(type),
  }));
  return (value) => {
    if (isNothing(value)) return 'null';
    const object = value as AnyRow;
    return `{${encoders.map(({ name, lead, encode }) => lead + encode(object[name])).join(',')}}`;
  };
};

/** Rows that fit, as lines of JSON: every column in its order, integers of any size with all digits. */
export function jsonRow(columns: readonly Column[]): (row: AnyRow) => string {
  const encode = fieldsEncoder(columns);
  return (row) => `${encode(row)}\n`;
}

/** Rows that fit, as lines of CSV (RFC 4180): null is an empty field, an empty text is `""`, lists and structs are JSON. */
export function csvRow(columns: readonly Column[]): (row: AnyRow) => string {
  const encoders = columns.map(({ name, type }) => ({ name, encode: fieldOf(type) }));
  return (row) => csvLine(encoders.map(({ name, encode }) => (isNothing(row[name]) ? null : encode(row[name]))));
}

const fieldOf = (type: ColumnType): Encoder => {
  if (type.kind === 'VARCHAR') return (value) => value as string;
  const encode = encoderOf(type);
  if (type.kind === 'LIST' || type.kind === 'STRUCT') return encode;
  return (value) => encode(value).replaceAll('"', '');
};
