import { PermanentError } from '../../contract/errors.ts';
import { ExactNumber } from '../../exact/exact-number.ts';
import { pgYear } from './pg-year.ts';

/**
 * Converts a value to the text that PostgreSQL's input functions read; null stays null. Throws an error with the value's number (from 1) if it has no such
 * text.
 */
export function valueText(value: unknown, number: number): string | null {
  if (value === null) return null;
  const text = Array.isArray(value) ? arrayText(value, number) : scalarText(value);
  if (text === null) {
    const found = value === undefined ? 'undefined' : typeof value;
    throw new PermanentError(
      `value ${number} of the query is ${found === 'object' ? 'an object' : found}; a string, number, bigint, boolean, Date, Uint8Array, null or an array of these can be bound (JSON as JSON.stringify(value))`,
    );
  }
  if (!text.isWellFormed())
    throw new PermanentError(`value ${number} of the query holds half a surrogate pair, which has no form in UTF-8`);
  if (text.includes('\0'))
    throw new PermanentError(`value ${number} of the query holds a NUL character, which PostgreSQL does not store`);
  return text;
}

const scalarText = (value: unknown): string | null => {
  if (typeof value === 'string') return value;
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof ExactNumber) return value.text;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return pgYear(value.toISOString());
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  return null;
};

/** `{"a","b",NULL}`: an array literal, each element quoted. */
const arrayText = (values: readonly unknown[], number: number): string => {
  const elements = Array.from(values, (value) => {
    if (Array.isArray(value)) return arrayText(value, number);
    const text = valueText(value, number);
    return text === null ? 'NULL' : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
  });
  return `{${elements.join(',')}}`;
};
