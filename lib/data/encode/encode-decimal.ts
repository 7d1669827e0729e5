import { ExactNumber } from '../../exact/exact-number.ts';
import { Misfit } from './misfit.ts';

const form = /^(?<sign>[+-]?)(?<whole>\d+)(?:\.(?<part>\d+))?(?:[eE](?<exponent>[+-]?\d{1,3}))?$/;

/**
 * Returns a decimal with exactly `scale` digits after the point: "12.5" becomes "12.50". It never rounds; it throws a Misfit for digits that do not fit. A
 * number counts by its shortest decimal form, which is the form its author wrote.
 */
export function encodeDecimal(value: unknown, precision: number, scale: number): string {
  if (!isNumeric(value)) throw new Misfit('a decimal is given as a string, such as "12.50"', value);
  const text = String(value);
  const zeros = missingZeros(text, precision - scale, scale);
  if (zeros === 0) return text;
  if (zeros > 0) return `${text}${zeros === scale ? '.' : ''}${'0'.repeat(zeros)}`;
  return normalized(value, precision, scale);
}

type Numeric = string | number | bigint | ExactNumber;

const isNumeric = (value: unknown): value is Numeric =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || value instanceof ExactNumber;

/**
 * Returns the number of zeros that make plain digits into a decimal. Returns -1 if the text has too many digits before or after the point, or is not in its one
 * spelling. This is the fast path: nearly every decimal passes it.
 */
const missingZeros = (text: string, before: number, after: number): number => {
  const start = text.charCodeAt(0) === minus ? 1 : 0;
  const point = digitsEnd(text, start);
  if (point === start || point - start > before) return -1;
  // 007 and -0.0 have another spelling.
  if (text.charCodeAt(start) === zero && (start === 1 || point - start > 1)) return -1;
  if (point === text.length) return after;
  const end = digitsEnd(text, point + 1);
  const isPlain = text.charCodeAt(point) === dot && end === text.length && end > point + 1 && end - point - 1 <= after;
  return isPlain ? after - (end - point - 1) : -1;
};

const [minus, dot, zero, nine] = [45, 46, 48, 57];

const digitsEnd = (text: string, from: number): number => {
  let at = from;
  for (let code = text.charCodeAt(at); code >= zero && code <= nine; code = text.charCodeAt(at)) at += 1;
  return at;
};

const normalized = (value: Numeric, precision: number, scale: number): string => {
  const { sign, whole, part = '', exponent = '0' } = form.exec(String(value))?.groups ?? {};
  if (whole === undefined) throw new Misfit('it is not a decimal number', value);
  const digits = whole + part;
  const point = whole.length + Number(exponent);
  const before = digits.slice(0, Math.max(0, point)).padEnd(point, '0').replace(/^0+/, '');
  const after = ('0'.repeat(Math.max(0, -point)) + digits.slice(Math.max(0, point))).replace(/0+$/, '');
  if (after.length > scale) throw new Misfit(`it has more than ${scale} digits after the point`, value);
  if (before.length > precision - scale) {
    throw new Misfit(`it has more than ${precision - scale} digits before the point`, value);
  }
  const negative = sign === '-' && (before !== '' || after !== '') ? '-' : '';
  return `${negative}${before || '0'}${scale === 0 ? '' : `.${after.padEnd(scale, '0')}`}`;
};
