import { Misfit } from '../../../../data/encode/misfit.ts';
import type { ServerType } from '../../server-type.ts';
import type { Encoder } from './encoder.ts';

/** Bit strings of the column's length. A varbit may be shorter. */
export function bitEncoder({ name, modifier }: ServerType): Encoder {
  return {
    encode: (value) => {
      if (typeof value !== 'string' || !/^[01]*$/.test(value)) throw new Misfit('it is not a string of 0 and 1', value);
      const isWrong = name === 'bit' ? value.length !== modifier : value.length > modifier;
      if (modifier >= 0 && isWrong) throw new Misfit(`it has ${value.length} bits, and the column ${modifier}`, value);
      return value;
    },
  };
}

/** Bytes, or hexadecimal digits behind `\x`. PostgreSQL would read any other text as the bytes themselves. */
export const bytesEncoder: Encoder = {
  encode: (value) => {
    if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
    if (typeof value === 'string' && /^\\x(?:[0-9a-fA-F]{2})*$/.test(value)) return value;
    throw new Misfit('bytes are a Uint8Array, or a text such as "\\x00ff" (x::text in an extract)', value);
  },
};

const booleans: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [true, 't'],
  [false, 'f'],
  ['true', 't'],
  ['false', 'f'],
  ['t', 't'],
  ['f', 'f'],
  [1, 't'],
  [0, 'f'],
]);

/** Booleans, also in PostgreSQL's words, and the numbers 0 and 1. */
export const booleanEncoder: Encoder = {
  encode: (value) => {
    const text = booleans.get(value);
    if (text === undefined) throw new Misfit('it is not true or false', value);
    return text;
  },
};
