import type { ScalarName } from '../../columns/column-type.ts';
import { ExactNumber, namesDouble } from '../../exact/exact-number.ts';
import { encodeDecimal } from './encode-decimal.ts';
import { encodeDate, encodeTimestamp } from './encode-time.ts';
import { Misfit } from './misfit.ts';

/** Encodes a value that is not null as JSON text, or throws a Misfit. */
export type ValueEncoder = (value: unknown) => string;

const [minBigint, maxBigint] = [-(2n ** 63n), 2n ** 63n - 1n];
const [minInteger, maxInteger] = [-(2 ** 31), 2 ** 31 - 1];

const encodeVarchar: ValueEncoder = (value) => {
  if (typeof value !== 'string') throw new Misfit('it is not a string', value);
  const json = JSON.stringify(value);
  // Nothing was escaped, so the text has neither NUL nor half a surrogate pair.
  if (json.length === value.length + 2) return json;
  // Some readers reject each of these: UTF-8 cannot hold half a surrogate pair; PostgreSQL and C cannot hold NUL.
  if (!value.isWellFormed()) throw new Misfit('it holds half a surrogate pair', value);
  if (value.includes('\0')) throw new Misfit('it holds a NUL character', value);
  return json;
};

const encodeBigint: ValueEncoder = (value) => {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return String(value);
    throw new Misfit(
      'it is not an integer that a number holds exactly: give it as a bigint or a string of digits',
      value,
    );
  }
  if (value instanceof ExactNumber) return encodeBigint(BigInt(encodeDecimal(value, 38, 0)));
  if (typeof value !== 'bigint' && !(typeof value === 'string' && /^[+-]?\d{1,30}$/.test(value))) {
    throw new Misfit('it is not an integer', value);
  }
  const exact = BigInt(typeof value === 'string' ? value.replace(/^\+/, '') : value);
  if (exact < minBigint || exact > maxBigint) throw new Misfit('it is not between -2^63 and 2^63-1', value);
  return String(exact);
};

const encodeInteger: ValueEncoder = (value) => {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (!Number.isInteger(number)) throw new Misfit('it is not an integer', value);
  const integer = number as number;
  if (integer < minInteger || integer > maxInteger) throw new Misfit('it is not between -2^31 and 2^31-1', value);
  return String(integer);
};

const encodeDouble: ValueEncoder = (value) => {
  if (value instanceof ExactNumber) {
    if (namesDouble(value.text, Number(value.text))) return doubleText(Number(value.text));
    throw new Misfit('a DOUBLE holds about 16 digits, and would round it', value);
  }
  if (typeof value === 'bigint') {
    // JSON writes the double 67186812080159368 as 67186812080159370, its shortest form.
    if (namesDouble(String(value), Number(value))) return String(Number(value));
    throw new Misfit('a DOUBLE does not hold it exactly', value);
  }
  if (typeof value !== 'number') throw new Misfit('it is not a number', value);
  if (!Number.isFinite(value)) throw new Misfit('it is not finite', value);
  return doubleText(value);
};

/** String(-0) is "0", and DuckDB reads -0 without a fraction as an integer. */
const doubleText = (value: number): string => (Object.is(value, -0) ? '-0.0' : String(value));

/** Encodes doubles of stored data, which may include NaN and the infinities. These become texts, because JSON has no such numbers. */
export const encodeAnyDouble: ValueEncoder = (value) =>
  typeof value === 'number' && !Number.isFinite(value) ? `"${value}"` : encodeDouble(value);

const encodeBoolean: ValueEncoder = (value) => {
  if (typeof value !== 'boolean') throw new Misfit('it is not true or false', value);
  return value ? 'true' : 'false';
};

/** The encoders of types that consist of a name only. They make JSON that DuckDB reads as exactly this value of exactly this type. */
export const scalarEncoders: Readonly<Record<ScalarName, ValueEncoder>> = {
  VARCHAR: encodeVarchar,
  BIGINT: encodeBigint,
  INTEGER: encodeInteger,
  DOUBLE: encodeDouble,
  BOOLEAN: encodeBoolean,
  DATE: (value) => `"${encodeDate(value)}"`,
  TIMESTAMP: (value) => `"${encodeTimestamp(value)}"`,
};
