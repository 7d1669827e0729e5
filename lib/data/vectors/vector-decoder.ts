import type { Vector, VectorAccess } from '../../duckdb/load-vectors.ts';
import type { Value } from '../row.ts';

/** A vector to decode. */
export interface VectorSlice {
  readonly vector: Vector;
  /** Values in it, nulls included. */
  readonly count: number;
  /** Bits of the struct that the vector is a field of, see nullBits(). */
  readonly outer: NullBits;
}

/** One bit per value, 0 for a null; or null when there is none. */
export type NullBits = Uint8Array | null;

/** Makes the values of a vector in the forms that a handler reads. */
export type VectorDecoder = (access: VectorAccess, slice: VectorSlice) => Value[];

/** What the driver takes for a number of bytes. */
const maxBytes = 2 ** 32 - 1;

/** The bytes of a vector whose values have `width` bytes each. What they are where a value is null, nobody knows: not to be looked at. */
export const vectorBytes = (access: VectorAccess, { vector, count }: VectorSlice, width: number): Buffer => {
  if (count * width > maxBytes) throw new RangeError(`${count} values in one batch are more than can be read at once`);
  return access.vector_get_data(vector, count * width);
};

/** Which values are null: those that the vector says, and those inside of structs that are. */
export const nullBits = (access: VectorAccess, { vector, count, outer }: VectorSlice): NullBits => {
  const own = access.vector_get_validity(vector, Math.ceil(count / 64) * 8);
  if (own === null) return outer;
  if (outer !== null) for (let at = 0; at < own.length; at += 1) own[at] = (own[at] as number) & (outer[at] as number);
  return own;
};

/** Whether a value is null. */
export const isNull = (bits: NullBits, index: number): boolean =>
  bits !== null && ((bits[index >> 3] as number) & (1 << (index & 7))) === 0;
