/** Values of a template beside the type of a column: whether they can be compared, and the form in which SQL compares them exactly. */
import type { Literal } from '../contract/records/data-check.ts';
import { isDay, parseInstant } from './instant.ts';

/** Text of a value, and the type that SQL gives it; null for a plain text. Or the reason why the column has no such value. */
export type FittingLiteral = { readonly text: string; readonly type: string | null } | { readonly fault: string };

/** The form of a value for a column of a type (`DECIMAL(18,2)`). A DECIMAL, BIGINT or INTEGER is compared with all digits of the number. */
export function literalFor(literal: Literal, type: string): FittingLiteral {
  const kind = columnKind(type);
  if (kind === 'text') {
    if ('text' in literal) return { text: literal.text, type: null };
    return { fault: `the column is ${type}; write the value in quotation marks` };
  }
  if (kind === 'number') {
    if ('number' in literal)
      return { text: literal.number, type: type === 'DOUBLE' ? 'DOUBLE' : decimalType(literal.number) };
    return { fault: `the column is ${type}; write a number, without quotation marks` };
  }
  if (kind === 'flag') {
    if ('flag' in literal) return { text: String(literal.flag), type: 'BOOLEAN' };
    return { fault: 'the column is BOOLEAN; write true or false' };
  }
  if (kind === 'other') return { fault: `a column of type ${type} cannot be compared with a value` };
  const text = 'text' in literal ? literal.text : null;
  if (type === 'DATE')
    return text !== null && isDay(text)
      ? { text, type }
      : { fault: 'the column is DATE; write a day such as "2026-01-31"' };
  if (text !== null && isDay(text)) return { text: `${text} 00:00:00`, type };
  const instant = text === null ? null : parseInstant(text);
  if (instant === null || text === null)
    return { fault: 'the column is TIMESTAMP; write a moment such as "2026-01-31T01:00:00Z", or a day' };
  // Digits beyond the milliseconds stand in the text alone.
  const [, fraction = ''] = /\.(\d{1,6})/.exec(text) ?? [];
  const whole = new Date(Math.floor(instant / 1000) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return { text: fraction === '' ? whole : `${whole}.${fraction}`, type };
}

/** The kind of values that a column holds. */
export function columnKind(type: string): 'text' | 'number' | 'flag' | 'time' | 'other' {
  if (type === 'VARCHAR') return 'text';
  if (type === 'BOOLEAN') return 'flag';
  if (type === 'DATE' || type === 'TIMESTAMP') return 'time';
  return /^(BIGINT|INTEGER|DOUBLE|DECIMAL\(\d+,\d+\))$/.test(type) ? 'number' : 'other';
}

/** The narrowest DECIMAL that holds a number as it is written. */
function decimalType(number: string): string {
  const [whole = '', fraction = ''] = number.replace(/^[+-]/, '').split('.');
  return `DECIMAL(${Math.max(1, whole.length + fraction.length)},${fraction.length})`;
}
