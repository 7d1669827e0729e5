import { encodeDecimal } from '../../../../data/encode/encode-decimal.ts';
import { Misfit } from '../../../../data/encode/misfit.ts';
import { ExactNumber, isHeld, namesDouble } from '../../../../exact/exact-number.ts';
import type { ServerType } from '../../server-type.ts';
import type { Encoder } from './encoder.ts';

const whole: Readonly<Record<string, readonly [least: bigint, most: bigint]>> = {
  int2: [-(2n ** 15n), 2n ** 15n - 1n],
  int4: [-(2n ** 31n), 2n ** 31n - 1n],
  int8: [-(2n ** 63n), 2n ** 63n - 1n],
  oid: [0n, 2n ** 32n - 1n],
};

/** Integers; decimals too, if only zeros follow the point. */
export function integerEncoder({ name }: ServerType): Encoder {
  const [least, most] = whole[name] ?? [0n, 0n];
  return {
    encode: (value) => {
      const text = wholeText(value);
      const number = BigInt(text);
      if (number < least || number > most) throw new Misfit(`it is not between ${least} and ${most}`, value);
      return text;
    },
  };
}

const mostDigits = 40;

const wholeText = (value: unknown): string => {
  try {
    return encodeDecimal(numberOf(value), mostDigits, 0);
  } catch {
    throw new Misfit('it is not an integer', value);
  }
};

/** Numerics to the last digit. A numeric without a scale takes every one. */
export function numericEncoder({ precision, scale }: ServerType): Encoder {
  const encode = (value: unknown): string => {
    const number = numberOf(value);
    if (isSpecial(number)) return String(number);
    if (precision === null || scale === null) return plainDecimal(number);
    return encodeDecimal(number, precision, scale);
  };
  // Since PostgreSQL 15 a scale may be negative, or larger than the precision: the server counts.
  if (precision !== null && scale !== null && (scale < 0 || scale > precision))
    return { encode: (value) => plainDecimal(numberOf(value)), differs: (x, t) => `${x} <> ${t}::pg_catalog.numeric` };
  return { encode };
}

const special = new Set(['NaN', 'Infinity', '-Infinity']);
const isSpecial = (value: unknown): boolean => special.has(String(value));

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,5})?$/;

const plainDecimal = (value: unknown): string => {
  const text = String(value);
  if (!decimal.test(text)) throw new Misfit('it is not a decimal number', value);
  return text;
};

/** A number in any of its forms. */
const numberOf = (value: unknown): string | number | bigint => {
  if (value instanceof ExactNumber) return value.text;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value;
  throw new Misfit('it is not a number', value);
};

/** Doubles, and texts of numbers that a double holds. */
export const doubleEncoder: Encoder = {
  encode: (value) => {
    const number = numberOf(value);
    if (isSpecial(number)) return String(number);
    if (Object.is(number, -0)) return '-0';
    const text = plainDecimal(number);
    if (typeof number !== 'number' && !namesDouble(text, Number(text)))
      throw new Misfit('a double holds about 16 digits, and would round it', value);
    return text;
  },
};

/** Floats of four bytes: numbers that are exactly one, and the texts that PostgreSQL shows for one. */
export const floatEncoder: Encoder = {
  encode: (value) => {
    const text = doubleEncoder.encode(value);
    const number = Number(text);
    if (!Number.isFinite(number) || Object.is(number, -0)) return text;
    const float = Math.fround(number);
    if (float === number || (Number.isFinite(float) && isHeld(text, shortest(float)))) return text;
    throw new Misfit('a real holds about 6 digits, and would round it', value);
  },
};

/** The number of digits that distinguishes any two floats. */
const digitsOfFloat = 9;

/** The number with the fewest digits that reads as this float; PostgreSQL shows it. */
const shortest = (float: number): number => {
  for (let digits = 1; digits < digitsOfFloat; digits += 1) {
    const near = Number(float.toPrecision(digits));
    if (Math.fround(near) === float) return near;
  }
  return Number(float.toPrecision(digitsOfFloat));
};
