import type { VectorAccess } from '../../duckdb/load-vectors.ts';
import type { ColumnType } from '../column-type.ts';
import type { Value } from '../row.ts';
import { vectorDecoder } from './decode-vector.ts';
import { isNull, type NullBits, nullBits, type VectorSlice, vectorBytes } from './vector-decoder.ts';

/** A column of some rows. */
export interface ColumnValues {
  /** One per row: INTEGER, DOUBLE and BIGINT in arrays of their own kind, other types as in rows. */
  readonly values: Int32Array | Float64Array | BigInt64Array | Value[];
  /** One per row, 1 where the value is null and `values` has 0 or null; or null when no value is. */
  readonly nulls: Uint8Array | null;
}

/** Makes a column of a vector. */
export type ColumnDecoder = (access: VectorAccess, slice: VectorSlice) => ColumnValues;

/** The column decoder of a type. The vector must be of this type (see `isVectorOf`). */
export const columnDecoder = (type: ColumnType): ColumnDecoder => {
  if (type.kind === 'INTEGER') return typed(4, Int32Array, 0);
  if (type.kind === 'DOUBLE') return typed(8, Float64Array, 0);
  if (type.kind === 'BIGINT') return typed(8, BigInt64Array, 0n);
  const decode = vectorDecoder(type);
  return (access, slice) => ({
    values: decode(access, slice),
    nulls: expanded(nullBits(access, slice), slice.count),
  });
};

type Numbers = Int32Array | Float64Array | BigInt64Array;

const typed =
  <T extends Numbers>(
    width: number,
    Kind: new (buffer: ArrayBufferLike, offset: number, count: number) => T,
    zero: T[number],
  ): ColumnDecoder =>
  (access, slice) => {
    const { buffer, byteOffset } = vectorBytes(access, slice, width);
    const values = new Kind(buffer, byteOffset, slice.count);
    const nulls = expanded(nullBits(access, slice), slice.count);
    // What stands there is left over from something else.
    if (nulls !== null) for (let at = 0; at < slice.count; at += 1) if (nulls[at] === 1) values[at] = zero;
    return { values, nulls };
  };

const expanded = (bits: NullBits, count: number): Uint8Array | null => {
  if (bits === null) return null;
  const nulls = new Uint8Array(count);
  let found = 0;
  for (let at = 0; at < count; at += 1) {
    if (!isNull(bits, at)) continue;
    nulls[at] = 1;
    found += 1;
  }
  return found === 0 ? null : nulls;
};
