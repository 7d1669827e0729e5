import { Misfit } from '../../../../data/encode/misfit.ts';
import { ExactNumber } from '../../../../exact/exact-number.ts';
import type { ServerType } from '../../server-type.ts';
import { valueText } from '../../value-text.ts';
import type { Encoder } from './encoder.ts';

/** Most characters in a column, if its type has a limit. The modifier counts four bytes of header. */
const roomOf = ({ name, modifier }: ServerType): number =>
  (name === 'varchar' || name === 'bpchar') && modifier >= 4 ? modifier - 4 : Number.POSITIVE_INFINITY;

/** PostgreSQL cuts longer names. */
const mostBytesOfName = 63;

/** Texts no longer than the column: PostgreSQL silently cuts blanks behind that length. Numbers, booleans and moments become their text. */
export function textEncoder(type: ServerType): Encoder {
  const room = roomOf(type);
  const bytes = type.name === 'name' ? mostBytesOfName : Number.POSITIVE_INFINITY;
  return {
    encode: (value) => {
      const text = plainText(value);
      // A character has one or two units.
      if (text.length > room && [...text].length > room)
        throw new Misfit(`it has ${[...text].length} characters, and the column has room for ${room}`, value);
      if (Buffer.byteLength(text) > bytes)
        throw new Misfit(`it has ${Buffer.byteLength(text)} bytes, and the column has room for ${bytes}`, value);
      return text;
    },
  };
}

const plainText = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) throw new Misfit('bytes need a column of type bytea', value);
  if (typeof value === 'object' && !isOneText(value)) throw new Misfit(otherValue(value), value);
  try {
    return valueText(value, 1) ?? '';
  } catch {
    throw new Misfit(`a ${typeof value} cannot be stored`, value);
  }
};

const isOneText = (value: object | null): boolean => value instanceof Date || value instanceof ExactNumber;

/** Texts that the server's own parser checks, and stores unchanged. */
export const parsedEncoder: Encoder = {
  encode: (value) => {
    if (typeof value !== 'string') throw new Misfit(otherValue(value), value);
    return value;
  },
};

/** Texts of types that the server may change: it must return the very text that it received. */
export const shownEncoder: Encoder = { ...parsedEncoder, differs: (x, t) => `pg_catalog.format('%s', ${x}) <> ${t}` };

/** An amount without a currency is the same number; its digits depend on the server's locale. */
export const moneyEncoder: Encoder = {
  encode: (value) =>
    typeof value === 'number' || typeof value === 'bigint' ? String(value) : parsedEncoder.encode(value),
  differs: (x, t) =>
    `CASE WHEN ${t} ~ '^-?[0-9]+([.][0-9]+)?$' THEN ${x}::pg_catalog.numeric <> ${t}::pg_catalog.numeric ELSE pg_catalog.format('%s', ${x}) <> ${t} END`,
};

const otherValue = (value: unknown): string => {
  if (Array.isArray(value)) return 'a list needs a column of type jsonb or an array';
  return typeof value === 'object' ? 'an object needs a column of type jsonb' : 'it is given as a string';
};
