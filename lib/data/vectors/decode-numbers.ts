import type { Value } from '../row.ts';
import { isNull, nullBits, type VectorDecoder, vectorBytes } from './vector-decoder.ts';

/** BOOLEAN. */
export const decodeBooleans: VectorDecoder = (access, slice) => {
  const nulls = nullBits(access, slice);
  const bytes = vectorBytes(access, slice, 1);
  const values = new Array<Value>(slice.count);
  for (let at = 0; at < slice.count; at += 1) values[at] = isNull(nulls, at) ? null : bytes[at] !== 0;
  return values;
};

/** INTEGER. */
export const decodeIntegers: VectorDecoder = (access, slice) => {
  const nulls = nullBits(access, slice);
  const { buffer, byteOffset } = vectorBytes(access, slice, 4);
  const integers = new Int32Array(buffer, byteOffset, slice.count);
  const values = new Array<Value>(slice.count);
  for (let at = 0; at < slice.count; at += 1) values[at] = isNull(nulls, at) ? null : (integers[at] as number);
  return values;
};

/** DOUBLE, NaN and the infinities as they are. */
export const decodeDoubles: VectorDecoder = (access, slice) => {
  const nulls = nullBits(access, slice);
  const { buffer, byteOffset } = vectorBytes(access, slice, 8);
  const doubles = new Float64Array(buffer, byteOffset, slice.count);
  const values = new Array<Value>(slice.count);
  for (let at = 0; at < slice.count; at += 1) values[at] = isNull(nulls, at) ? null : (doubles[at] as number);
  return values;
};

/** BIGINT: a number where that is exact, else a bigint. */
export const decodeBigints: VectorDecoder = (access, slice) => {
  const nulls = nullBits(access, slice);
  const { buffer, byteOffset } = vectorBytes(access, slice, 8);
  const lows = new Uint32Array(buffer, byteOffset, slice.count * 2);
  const highs = new Int32Array(buffer, byteOffset, slice.count * 2);
  const exact = new BigInt64Array(buffer, byteOffset, slice.count);
  const values = new Array<Value>(slice.count);
  for (let at = 0; at < slice.count; at += 1) {
    if (isNull(nulls, at)) {
      values[at] = null;
      continue;
    }
    // Rounded when it is beyond 2^53, and then not safe either.
    const number = (highs[2 * at + 1] as number) * 0x1_0000_0000 + (lows[2 * at] as number);
    values[at] = Number.isSafeInteger(number) ? number : (exact[at] as bigint);
  }
  return values;
};
