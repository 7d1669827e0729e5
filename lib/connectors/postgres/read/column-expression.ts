import type { ColumnType } from '../../../columns/column-type.ts';
import type { ServerType } from '../server-type.ts';

/** The SQL that writes a column into CSV, or the reason why it cannot be written. */
export type ColumnExpression = { readonly sql: string } | { readonly mismatch: string };

const textual = new Set(
  'text varchar bpchar name char uuid inet cidr macaddr macaddr8 xml enum citext json jsonb'.split(' '),
);

/** Digits before the point that have room for every value. */
const wholeDigits: Readonly<Record<string, number>> = { int2: 5, int4: 10, int8: 19, oid: 10 };

/** Scalar types, and the kinds of columns that hold all their values exactly. */
const exact: Readonly<Record<string, readonly string[]>> = {
  int2: ['INTEGER', 'BIGINT', 'DOUBLE'],
  int4: ['INTEGER', 'BIGINT', 'DOUBLE'],
  int8: ['BIGINT'],
  oid: ['BIGINT', 'DOUBLE'],
  float4: ['DOUBLE'],
  float8: ['DOUBLE'],
  bool: ['BOOLEAN'],
  date: ['DATE'],
  timestamp: ['TIMESTAMP'],
  timestamptz: ['TIMESTAMP'],
};

/** The cast to write in the query, with `x` for the column. */
const casts: Readonly<Record<string, string>> = {
  money: 'x::numeric(18,2)',
  bytea: "encode(x, 'base64'), or x::text, which loadPostgres takes back",
  composite: 'to_json(x), with numeric and timestamps in it cast to text',
  float4: 'x::float8',
};

/** Elements that JSON holds exactly; all others travel as text. */
const plainInJson = new Set(['bool', 'int2', 'int4', 'int8', 'json', 'jsonb']);

/**
 * The SQL that writes column `x` of a type into CSV for a declared type. No value changes on the way. A type whose values could be rounded or cut is a
 * mismatch, with the cast that mends it.
 */
export function columnExpression(x: string, type: ServerType, declared: ColumnType): ColumnExpression {
  if (type.element !== null) return arrayExpression(x, type.element, declared);
  const nested = declared.kind === 'LIST' || declared.kind === 'STRUCT';
  if (nested) {
    return isJson(type)
      ? { sql: x }
      : { mismatch: `nested columns come from json: to_json(x), json_agg(...) or json_build_object(...)` };
  }
  const reason = scalarMismatch(type, declared);
  if (reason !== null) return { mismatch: reason };
  // The transaction's zone is UTC. Without the zone the text is shorter, and every reader takes it.
  return { sql: type.name === 'timestamptz' ? `(${x} AT TIME ZONE 'UTC')` : x };
}

const scalarMismatch = (type: ServerType, declared: ColumnType): string | null => {
  const { name } = type;
  if (declared.kind === 'VARCHAR') return textual.has(name) ? null : `write ${casts[name] ?? 'x::text'}`;
  if (exact[name]?.includes(declared.kind)) return null;
  if (declared.kind === 'DECIMAL') {
    const { precision, scale } = declared;
    const whole = wholeDigits[name];
    if (whole !== undefined && precision - scale >= whole) return null;
    if (name !== 'numeric') return `write x::numeric(${precision},${scale})`;
    if (type.scale === null || type.precision === null)
      return `numeric without a scale may have any number of digits: write x::numeric(${precision},${scale})`;
    const fits = type.scale >= 0 && type.scale <= scale && type.precision - type.scale <= precision - scale;
    return fits
      ? null
      : `it has more digits: declare DECIMAL(${type.precision},${type.scale}), or write x::numeric(${precision},${scale})`;
  }
  if (declared.kind === 'BIGINT' && name === 'numeric' && type.scale === 0 && (type.precision ?? 99) <= 18) return null;
  return `write ${writtenFor[declared.kind] ?? casts[name] ?? 'x::text'}`;
};

const writtenFor: Readonly<Record<string, string>> = {
  INTEGER: 'x::int',
  BIGINT: 'x::bigint',
  DOUBLE: 'x::float8',
  BOOLEAN: 'x::boolean',
  DATE: 'x::date',
  TIMESTAMP: 'x::timestamptz',
};

/**
 * Arrays travel as JSON. Elements whose JSON number or string would be inexact or unreadable travel as text. A type says nothing of dimensions, and JSON
 * nothing of bounds. So a value with other dimensions than declared, or whose indexes do not begin with 1, becomes a text: it does not fit the dataset and is
 * reported with row and value.
 */
const arrayExpression = (x: string, element: ServerType, declared: ColumnType): ColumnExpression => {
  if (declared.kind !== 'LIST') return { mismatch: `write to_json(x)::text, or declare a list` };
  const { depth, leaf } = levels(declared, isJson(element));
  const inner = columnExpression('x', element, leaf);
  if ('mismatch' in inner) return { mismatch: `of its elements: ${inner.mismatch}` };
  const list =
    plainInJson.has(element.name) || textual.has(element.name)
      ? `pg_catalog.to_json(${x})`
      : `pg_catalog.to_json(${x}::text[])`;
  const bounds = Array.from({ length: depth }, (_, index) => `pg_catalog.array_lower(${x}, ${index + 1}) = 1`);
  const fits = `coalesce(pg_catalog.array_ndims(${x}) = ${depth} AND ${bounds.join(' AND ')}, true)`;
  return {
    sql: `CASE WHEN ${fits} THEN ${list} ELSE pg_catalog.to_json(pg_catalog.format('%s', ${x})) END`,
  };
};

const isJson = ({ name }: ServerType): boolean => name === 'json' || name === 'jsonb';

/** The depth of nested lists, and their element. Lists inside JSON belong to JSON. */
const levels = (
  declared: ColumnType & { readonly kind: 'LIST' },
  isOne: boolean,
): { readonly depth: number; readonly leaf: ColumnType } => {
  const { element } = declared;
  if (isOne || element.kind !== 'LIST') return { depth: 1, leaf: element };
  const { depth, leaf } = levels(element, false);
  return { depth: depth + 1, leaf };
};
