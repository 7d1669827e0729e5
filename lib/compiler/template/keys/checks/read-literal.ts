import type { Literal } from '../../../../contract/records/data-check.ts';
import { describe, quote, type Tree } from '../../tree/tree.ts';
import { type Reader, takes } from '../key-table.ts';

/** Decimal digits; an exponent would make DuckDB read a DOUBLE. */
const decimal = /^[+-]?(?:\d+(?:\.\d+)?|\.\d+)$/;

/** DECIMAL has 38 digits. */
const mostDigits = 38;

const isDecimal = (text: string): boolean => decimal.test(text) && text.replace(/\D/g, '').length <= mostDigits;

const exact = `written with at most ${mostDigits} decimal digits and without an exponent`;

/** A number as it is written. */
export const exactNumber: Reader<string> = takes({ type: 'number' }, (value, reading, key) => {
  if (value.kind === 'scalar' && typeof value.value === 'number' && isDecimal(value.text)) return value.text;
  const what = value.kind === 'scalar' && typeof value.value === 'number' ? value.text : describe(value);
  reading.say('BAD_VALUE', value.range, `"${key}" is ${what}; it has to be a number ${exact}`);
  return null;
});

/** The same, and not below zero. */
export const tolerance: Reader<string> = takes({ type: 'number', minimum: 0 }, (value, reading, key) => {
  const read = exactNumber(value, reading, key);
  if (read === null || !read.startsWith('-')) return read;
  reading.say('BAD_VALUE', value.range, `"${key}" is ${read}; a tolerance is not below 0`);
  return null;
});

/** A number, a text, or a moment as text. */
export const bound: Reader<Literal> = takes({ type: ['number', 'string'] }, (value, reading, key) => {
  const read = literalOf(value);
  if (read && !('flag' in read)) return read;
  reading.say('BAD_VALUE', value.range, `"${key}" is ${shown(value)}; it has to be a text, or a number ${exact}`);
  return null;
});

/** Values that a column may have. */
export const literals: Reader<Literal[]> = takes(
  { type: 'array', minItems: 1, items: { type: ['number', 'string', 'boolean'] } },
  (value, reading, key) => {
    if (value.kind !== 'list' || value.items.length === 0) {
      reading.say('BAD_TYPE', value.range, `"${key}" is a list of values, but this is ${describe(value)}`);
      return null;
    }
    return value.items.flatMap((item) => {
      const read = literalOf(item);
      if (!read)
        reading.say(
          'BAD_VALUE',
          item.range,
          `"${key}" has ${shown(item)}; each value is a text, true or false, or a number ${exact}`,
        );
      return read ?? [];
    });
  },
);

const literalOf = (value: Tree): Literal | null => {
  if (value.kind !== 'scalar' || value.value === null) return null;
  if (typeof value.value === 'string') return value.value.includes('\0') ? null : { text: value.value };
  if (typeof value.value === 'boolean') return { flag: value.value };
  return isDecimal(value.text) ? { number: value.text } : null;
};

const shown = (value: Tree): string =>
  value.kind === 'scalar' && value.value !== null ? quote(value.text) : describe(value);

/** `5%`: a number alone could be a share or per cent. */
export const percentage: Reader<string> = takes(
  { type: 'string', pattern: '^(?:\\d{1,2}(?:\\.\\d{1,9})?|100(?:\\.0{1,9})?) ?%$' },
  (value, reading, key) => {
    const text = value.kind === 'scalar' ? value.text : '';
    const [, number] = /^(\d{1,2}(?:\.\d{1,9})?|100(?:\.0{1,9})?) ?%$/.exec(text) ?? [];
    if (number !== undefined) return number;
    const meant = /^0?\.\d+$/.test(text) ? `; write ${Number((Number(text) * 100).toFixed(9))}%` : '; write 5%';
    reading.say(
      'BAD_VALUE',
      value.range,
      `"${key}" is ${shown(value)}; it has to be from 0% to 100%, with the sign${meant}`,
    );
    return null;
  },
);
