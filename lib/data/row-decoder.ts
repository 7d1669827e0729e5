import type { Column, ColumnType } from './column-type.ts';

/** A value as a handler reads it: DECIMAL, DATE and TIMESTAMP as strings, BIGINT as a bigint only where a number would not be exact. */
type Value = null | boolean | number | bigint | string | Value[] | { [field: string]: Value };

/** A row as a handler reads it: every column, in order. */
export type Row = { [column: string]: Value };

/** Makes rows of lines that `rowEncoder` wrote for the same columns. */
export const rowDecoder = (columns: readonly Column[]): ((line: string) => Row) => {
  const decode = structDecoder(columns);
  return (line) => {
    const row = JSON.parse(line) as Row;
    decode?.(row);
    return row;
  };
};

/** Turns a value from JSON into what a handler reads; null where both are the same, which spares the walk. */
type Decoder = ((value: Value) => Value) | null;

const decoderOf = (type: ColumnType): Decoder => {
  if (type.kind === 'BIGINT') return (value) => (typeof value === 'string' ? BigInt(value) : value);
  if (type.kind === 'STRUCT') return structDecoder(type.fields);
  if (type.kind !== 'LIST') return null;
  const element = decoderOf(type.element);
  return element && ((value) => (Array.isArray(value) ? value.map(element) : value));
};

const structDecoder = (fields: readonly Column[]): Decoder => {
  const decoders = fields.flatMap(({ name, type }) => {
    const decode = decoderOf(type);
    return decode === null ? [] : [{ name, decode }];
  });
  if (decoders.length === 0) return null;
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    for (const { name, decode } of decoders) value[name] = decode(value[name] ?? null);
    return value;
  };
};
