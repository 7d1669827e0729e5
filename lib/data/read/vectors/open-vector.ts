import type { Vector, VectorAccess } from '../../../duckdb/load-vectors.ts';
import type { Value } from '../../row.ts';

/** A vector of a chunk, or one that is nested in it. */
export interface RawVector {
  readonly vector: Vector;
  /** Values in it, nulls included. */
  readonly count: number;
  /** Bits of the struct that the vector is a field of, see nullBits(). */
  readonly outer: NullBits;
  /** Bytes that were taken of the chunk's vectors: to be given back when the chunk has been read. */
  readonly taken: Buffer[];
}

/** One bit per value, 0 for a null; or null when there is none. */
export type NullBits = Uint8Array | null;

/** A vector whose values can be made. */
export interface OpenVector {
  /** The values from `from` to `to`, that excluded, in the forms that a handler reads. The chunk must still be there. */
  readonly read: (from: number, to: number) => Value[];
  /** Rough memory of all values together: one value and each of a list's elements 40, and the bytes of texts. */
  readonly bytes: number;
}

/** Opens vectors of one type. */
export type VectorOpener = (access: VectorAccess, raw: RawVector) => OpenVector;

/** Memory of one value; see OpenVector. */
export const bytesOfValue = 40;

/** A number of bytes, in the driver's type. */
const maxBytes = 2 ** 32 - 1;

/** The bytes of a vector whose values have `width` bytes each. Where a value is null they are undefined: do not read them. */
export function vectorBytes(access: VectorAccess, { vector, count, taken }: RawVector, width: number): Buffer {
  if (count * width > maxBytes) throw new RangeError(`${count} values in 2,048 rows are more than can be read`);
  const bytes = access.vector_get_data(vector, count * width);
  taken.push(bytes);
  return bytes;
}

/** Which values are null: those that the vector says, and those inside of structs that are. */
export function nullBits(access: VectorAccess, { vector, count, outer, taken }: RawVector): NullBits {
  const own = access.vector_get_validity(vector, Math.ceil(count / 64) * 8);
  if (own === null) return outer;
  taken.push(own);
  if (outer !== null) for (let at = 0; at < own.length; at += 1) own[at] = (own[at] as number) & (outer[at] as number);
  return own;
}

/** Whether a value is null. */
export function isNull(bits: NullBits, index: number): boolean {
  return bits !== null && ((bits[index >> 3] as number) & (1 << (index & 7))) === 0;
}
