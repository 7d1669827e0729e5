import { Misfit } from './misfit.ts';

const form = /^(?<sign>[+-]?)(?<whole>\d+)(?:\.(?<part>\d+))?(?:[eE](?<exponent>[+-]?\d{1,3}))?$/;

/**
 * A decimal with exactly `scale` digits after the point: "12.5" becomes "12.50". Nothing is ever rounded: digits that do not fit are a Misfit.
 * A number counts by its shortest decimal form, which is what its author wrote.
 */
export const encodeDecimal = (value: unknown, precision: number, scale: number): string => {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') {
    throw new Misfit('a decimal is given as a string, such as "12.50"', value);
  }
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
