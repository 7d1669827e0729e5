import type { Value } from '../../row.ts';
import { bytesOfValue, isNull, nullBits, type VectorOpener, vectorBytes } from './open-vector.ts';
import { digitsOf, TextBatch } from './text-batch.ts';

/** Returns the units at an index (123 for 1.23), or null if a number cannot hold them exactly. */
type Units = (index: number) => number | null;

const point = 0x2e;

/** A double is exact if the high half is below this. */
const exactHigh = 2 ** 21;

/** Opens DECIMAL as DuckDB stores it, in 2, 4, 8 or 16 bytes. The texts are exact, with all digits of the scale. */
export function decimalOpener(precision: number, scale: number): VectorOpener {
  return (access, raw) => {
    const width = precision <= 4 ? 2 : precision <= 9 ? 4 : precision <= 18 ? 8 : 16;
    const nulls = nullBits(access, raw);
    const bytes = vectorBytes(access, raw, width);
    const unitsAt = units[width](bytes, raw.count);
    return {
      bytes: raw.count * bytesOfValue,
      read: (from, to) => {
        const values = new Array<Value>(to - from);
        const texts = new TextBatch(values);
        for (let at = from; at < to; at += 1) {
          if (isNull(nulls, at)) {
            values[at - from] = null;
            continue;
          }
          const number = unitsAt(at);
          if (number === null) {
            values[at - from] = largeDecimal(bytes, at * width, scale, width);
            continue;
          }
          if (number < 0) texts.minus();
          addDecimal(texts, Math.abs(number), scale);
          texts.end(at - from);
        }
        texts.flush();
        return values;
      },
    };
  };
}

const units: Readonly<Record<2 | 4 | 8 | 16, (bytes: Buffer, count: number) => Units>> = {
  2: ({ buffer, byteOffset }, count) => {
    const numbers = new Int16Array(buffer, byteOffset, count);
    return (at) => numbers[at] as number;
  },
  4: ({ buffer, byteOffset }, count) => {
    const numbers = new Int32Array(buffer, byteOffset, count);
    return (at) => numbers[at] as number;
  },
  8: ({ buffer, byteOffset }, count) => {
    const words = new Int32Array(buffer, byteOffset, count * 2);
    return (at) => exactUnits(words[2 * at] as number, words[2 * at + 1] as number);
  },
  // Sums of decimals have this width, although most of them would fit in half of it.
  16: ({ buffer, byteOffset }, count) => {
    const words = new Int32Array(buffer, byteOffset, count * 4);
    return (at) => {
      const high = words[4 * at + 1] as number;
      const sign = high >> 31;
      const short = words[4 * at + 2] === sign && words[4 * at + 3] === sign;
      return short ? exactUnits(words[4 * at] as number, high) : null;
    };
  },
};

const exactUnits = (low: number, high: number): number | null =>
  high < exactHigh && high >= -exactHigh ? high * 0x1_0000_0000 + (low >>> 0) : null;

const addDecimal = (texts: TextBatch, value: number, scale: number): void => {
  const unit = 10 ** scale;
  // This is exact: `value` is below 2^53, so the quotient's rounding error is smaller than its distance to the next whole number.
  const whole = Math.floor(value / unit);
  texts.digits(whole, digitsOf(whole));
  if (scale === 0) return;
  texts.character(point);
  texts.digits(value - whole * unit, scale);
};

const largeDecimal = (bytes: Buffer, offset: number, scale: number, width: number): string => {
  const exact =
    width === 8
      ? bytes.readBigInt64LE(offset)
      : (bytes.readBigInt64LE(offset + 8) << 64n) + bytes.readBigUInt64LE(offset);
  const sign = exact < 0n ? '-' : '';
  const digits = String(exact < 0n ? -exact : exact).padStart(scale + 1, '0');
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
};
