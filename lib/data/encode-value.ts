import type { Column, ColumnType, ScalarName } from './column-type.ts';
import { encodeDecimal } from './encode-decimal.ts';
import { encodeDate, encodeTimestamp } from './encode-time.ts';
import { Misfit } from './misfit.ts';

/** Makes JSON text of a value that is not null, or throws a Misfit. */
export type ValueEncoder = (value: unknown) => string;

const [minBigint, maxBigint] = [-(2n ** 63n), 2n ** 63n - 1n];
const [minInteger, maxInteger] = [-(2 ** 31), 2 ** 31 - 1];

const encodeVarchar: ValueEncoder = (value) => {
  if (typeof value !== 'string') throw new Misfit('it is not a string', value);
  // Neither has a form that every reader takes: half a surrogate pair none in UTF-8, NUL none in PostgreSQL and C.
  if (!value.isWellFormed()) throw new Misfit('it holds half a surrogate pair', value);
  if (value.includes('\0')) throw new Misfit('it holds a NUL character', value);
  return JSON.stringify(value);
};

/** A number where JavaScript has it exactly, else a string of digits. */
const encodeBigint: ValueEncoder = (value) => {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return String(value);
    throw new Misfit(
      'it is not an integer that a number holds exactly: give it as a bigint or a string of digits',
      value,
    );
  }
  if (typeof value !== 'bigint' && !(typeof value === 'string' && /^[+-]?\d{1,30}$/.test(value))) {
    throw new Misfit('it is not an integer', value);
  }
  const exact = BigInt(typeof value === 'string' ? value.replace(/^\+/, '') : value);
  if (exact < minBigint || exact > maxBigint) throw new Misfit('it is not between -2^63 and 2^63-1', value);
  return Number.isSafeInteger(Number(exact)) ? String(exact) : `"${exact}"`;
};

const encodeInteger: ValueEncoder = (value) => {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (!Number.isInteger(number)) throw new Misfit('it is not an integer', value);
  const integer = number as number;
  if (integer < minInteger || integer > maxInteger) throw new Misfit('it is not between -2^31 and 2^31-1', value);
  return String(integer);
};

const encodeDouble: ValueEncoder = (value) => {
  if (typeof value !== 'number') throw new Misfit('it is not a number', value);
  if (!Number.isFinite(value)) throw new Misfit('it is not finite', value);
  // String(-0) is "0".
  return Object.is(value, -0) ? '-0' : String(value);
};

const encodeBoolean: ValueEncoder = (value) => {
  if (typeof value !== 'boolean') throw new Misfit('it is not true or false', value);
  return String(value);
};

const scalars: Readonly<Record<ScalarName, ValueEncoder>> = {
  VARCHAR: encodeVarchar,
  BIGINT: encodeBigint,
  INTEGER: encodeInteger,
  DOUBLE: encodeDouble,
  BOOLEAN: encodeBoolean,
  DATE: (value) => `"${encodeDate(value)}"`,
  TIMESTAMP: (value) => `"${encodeTimestamp(value)}"`,
};

/** The encoder of a type; one value has one text, so that equal content has equal bytes. */
export const valueEncoder = (type: ColumnType): ValueEncoder => {
  if (type.kind === 'DECIMAL') return (value) => `"${encodeDecimal(value, type.precision, type.scale)}"`;
  if (type.kind === 'STRUCT') return structEncoder(type.fields);
  if (type.kind === 'LIST') return listEncoder(valueEncoder(type.element));
  return scalars[type.kind];
};

const listEncoder =
  (element: ValueEncoder): ValueEncoder =>
  (value) => {
    if (!Array.isArray(value)) throw new Misfit('it is not an array', value);
    // Array.from, not map: a hole is a null.
    const parts = Array.from(value, (each, index) => {
      if (each === null || each === undefined) return 'null';
      return nested(element, each, `[${index}]`);
    });
    return `[${parts.join(',')}]`;
  };

const structEncoder = (fields: readonly Column[]): ValueEncoder => {
  const encoders = fields.map(({ name, type }) => ({
    name,
    lead: `${JSON.stringify(name)}:`,
    encode: valueEncoder(type),
  }));
  const known = new Set(fields.map(({ name }) => name));
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Misfit('it is not an object', value);
    const found = value as Readonly<Record<string, unknown>>;
    const unknown = Object.keys(found).find((key) => !known.has(key));
    if (unknown !== undefined)
      throw new Misfit(`the field "${unknown}" is not declared`, found[unknown], `.${unknown}`);
    const parts = encoders.map(({ name, lead, encode }) => {
      const field = Object.hasOwn(found, name) ? found[name] : null;
      return lead + (field === null || field === undefined ? 'null' : nested(encode, field, `.${name}`));
    });
    return `{${parts.join(',')}}`;
  };
};

const nested = (encode: ValueEncoder, value: unknown, segment: string): string => {
  try {
    return encode(value);
  } catch (error) {
    throw error instanceof Misfit ? error.within(segment) : error;
  }
};
