import type { ColumnType } from '../../../columns/column-type.ts';
import type { VectorAccess } from '../../../duckdb/load-vectors.ts';
import type { Value } from '../../row.ts';
import { bytesOfValue, isNull, type NullBits, nullBits, type RawVector, vectorBytes } from './open-vector.ts';
import { vectorOpener } from './vector-opener.ts';

/** A column of some rows. */
export interface ColumnValues {
  /** One value per row: INTEGER, DOUBLE and BIGINT in typed arrays, other types as in rows. */
  readonly values: Int32Array | Float64Array | BigInt64Array | Value[];
  /** One byte per row: 1 if the value is null, where `values` has 0 or null. Null if no value is null. */
  readonly nulls: Uint8Array | null;
}

/** A vector that can return columns, like OpenVector. */
interface OpenColumn {
  readonly read: (from: number, to: number) => ColumnValues;
  readonly bytes: number;
}

/** Opens vectors of one type for columns. */
export type ColumnOpener = (access: VectorAccess, raw: RawVector) => OpenColumn;

/** Returns the column opener of a type. The vector must have this type (see `isVectorOf`). */
export function columnOpener(type: ColumnType): ColumnOpener {
  if (type.kind === 'INTEGER') return typed(4, Int32Array, 0);
  if (type.kind === 'DOUBLE') return typed(8, Float64Array, 0);
  if (type.kind === 'BIGINT') return typed(8, BigInt64Array, 0n);
  const open = vectorOpener(type);
  return (access, raw) => {
    const { read, bytes } = open(access, raw);
    const bits = nullBits(access, raw);
    return { bytes, read: (from, to) => ({ values: read(from, to), nulls: expanded(bits, from, to) }) };
  };
}

type Numbers = Int32Array | Float64Array | BigInt64Array;

const typed =
  <T extends Numbers>(
    width: number,
    Kind: new (buffer: ArrayBufferLike, offset: number, count: number) => T,
    zero: T[number],
  ): ColumnOpener =>
  (access, raw) => {
    const { buffer, byteOffset } = vectorBytes(access, raw, width);
    const numbers = new Kind(buffer, byteOffset, raw.count);
    const bits = nullBits(access, raw);
    return {
      bytes: raw.count * bytesOfValue,
      read: (from, to) => {
        const values = numbers.slice(from, to) as T;
        const nulls = expanded(bits, from, to);
        // The memory of nulls still holds earlier values.
        if (nulls !== null) for (let at = 0; at < nulls.length; at += 1) if (nulls[at] === 1) values[at] = zero;
        return { values, nulls };
      },
    };
  };

const expanded = (bits: NullBits, from: number, to: number): Uint8Array | null => {
  if (bits === null) return null;
  const nulls = new Uint8Array(to - from);
  let found = 0;
  for (let at = from; at < to; at += 1) {
    if (!isNull(bits, at)) continue;
    nulls[at - from] = 1;
    found += 1;
  }
  return found === 0 ? null : nulls;
};
