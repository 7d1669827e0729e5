import type { Value } from '../../row.ts';
import {
  bytesOfValue,
  isNull,
  type NullBits,
  nullBits,
  type OpenVector,
  type VectorOpener,
  vectorBytes,
} from './open-vector.ts';

/** Opens BOOLEAN. */
export const openBooleans: VectorOpener = (access, raw) => {
  const nulls = nullBits(access, raw);
  const bytes = vectorBytes(access, raw, 1);
  return {
    bytes: raw.count * bytesOfValue,
    read: (from, to) => {
      const values = new Array<Value>(to - from);
      for (let at = from; at < to; at += 1) values[at - from] = isNull(nulls, at) ? null : bytes[at] !== 0;
      return values;
    },
  };
};

/** Opens INTEGER. */
export const openIntegers: VectorOpener = (access, raw) => {
  const { buffer, byteOffset } = vectorBytes(access, raw, 4);
  return openNumbers(nullBits(access, raw), new Int32Array(buffer, byteOffset, raw.count));
};

/** Opens DOUBLE, including NaN and the infinities. */
export const openDoubles: VectorOpener = (access, raw) => {
  const { buffer, byteOffset } = vectorBytes(access, raw, 8);
  return openNumbers(nullBits(access, raw), new Float64Array(buffer, byteOffset, raw.count));
};

const openNumbers = (nulls: NullBits, numbers: Int32Array | Float64Array): OpenVector => ({
  bytes: numbers.length * bytesOfValue,
  read: (from, to) => {
    const values = new Array<Value>(to - from);
    for (let at = from; at < to; at += 1) values[at - from] = isNull(nulls, at) ? null : (numbers[at] as number);
    return values;
  },
});

/** Opens BIGINT: a number if it is exact, otherwise a bigint. */
export const openBigints: VectorOpener = (access, raw) => {
  const nulls = nullBits(access, raw);
  const { buffer, byteOffset } = vectorBytes(access, raw, 8);
  const lows = new Uint32Array(buffer, byteOffset, raw.count * 2);
  const highs = new Int32Array(buffer, byteOffset, raw.count * 2);
  const exact = new BigInt64Array(buffer, byteOffset, raw.count);
  const valueAt = (at: number): Value => {
    if (isNull(nulls, at)) return null;
    // Beyond 2^53 the number is rounded, and the rounded number is not safe either.
    const number = (highs[2 * at + 1] as number) * 0x1_0000_0000 + (lows[2 * at] as number);
    return Number.isSafeInteger(number) ? number : (exact[at] as bigint);
  };
  return {
    bytes: raw.count * bytesOfValue,
    read: (from, to) => {
      const values = new Array<Value>(to - from);
      for (let at = from; at < to; at += 1) values[at - from] = valueAt(at);
      return values;
    },
  };
};
