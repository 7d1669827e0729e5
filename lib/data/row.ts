/** A value as a handler reads it: DECIMAL, DATE and TIMESTAMP as strings, BIGINT as a bigint only if a number is not exact. */
export type Value = null | boolean | number | bigint | string | Value[] | { [field: string]: Value };

/** A row as a handler reads it: every column, in order. */
export type Row = { [column: string]: Value };
