import type { Vector, VectorAccess } from '../../../duckdb/load-vectors.ts';
import type { Value } from '../../row.ts';

/** A vector of a chunk, or a vector nested in one. */
export interface RawVector {
  readonly vector: Vector;
  /** The number of values, including nulls. */
  readonly count: number;
  /** The null bits of the struct that has this vector as a field; see nullBits(). */
  readonly outer: NullBits;
  /** Bytes copied from the chunk's vectors. The decoder gives them back after it has read the chunk. */
  readonly taken: Buffer[];
}

/** One bit per value, 0 for a null; null if no value is null. */
export type NullBits = Uint8Array | null;

/** A vector whose values can be read. */
export interface OpenVector {
  /** Returns the values from `from` up to, but without, `to`, in the forms that a handler reads. The chunk must still exist. */
  readonly read: (from: number, to: number) => Value[];
  /** Rough memory of all values together: 40 for each value and each list element, plus the bytes of texts. */
  readonly bytes: number;
}

/** Opens vectors of one type. */
export type VectorOpener = (access: VectorAccess, raw: RawVector) => OpenVector;

/** Memory of one value; see OpenVector. */
export const bytesOfValue = 40;

/** The largest number of bytes in the driver's type. */
const maxBytes = 2 ** 32 - 1;

/** Returns the bytes of a vector whose values have `width` bytes each. The bytes of a null are undefined: do not read them. */
export function vectorBytes(access: VectorAccess, { vector, count, taken }: RawVector, width: number): Buffer {
  if (count * width > maxBytes) throw new RangeError(`${count} values in 2,048 rows are more than can be read`);
  const bytes = access.vector_get_data(vector, count * width);
  taken.push(bytes);
  return bytes;
}

/** Returns which values are null: nulls of the vector itself, and values inside null structs. */
export function nullBits(access: VectorAccess, { vector, count, outer, taken }: RawVector): NullBits {
  const own = access.vector_get_validity(vector, Math.ceil(count / 64) * 8);
  if (own === null) return outer;
  taken.push(own);
  if (outer !== null) for (let at = 0; at < own.length; at += 1) own[at] = (own[at] as number) & (outer[at] as number);
  return own;
}

/** True if a value is null. */
export function isNull(bits: NullBits, index: number): boolean {
  return bits !== null && ((bits[index >> 3] as number) & (1 << (index & 7))) === 0;
}
