import type { Json } from '../../contract/json.ts';

/** A value of a dataset, as `step.rows` gives it. */
export type Value = null | boolean | number | bigint | string | readonly Value[] | { readonly [field: string]: Value };

/** A value as JSON holds it exactly: a BIGINT that no number holds is text, and so are NaN and the infinities. */
export function exactJson(value: Value): Json {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? value : numberText(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(exactJson);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, exactJson(item)]));
}

/** The only text that could be taken for something else is in quotation marks: a null is NULL, an empty text is "". */
export function cellText(value: Value): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return value === '' || value === 'NULL' ? `"${value}"` : value;
  return plainText(value);
}

/** A field of CSV as PostgreSQL's COPY reads it: a null is nothing, an empty text is "". */
export function csvField(value: Value): string {
  if (value === null) return '';
  const text = typeof value === 'string' ? value : plainText(value);
  return typeof value === 'string' && (text === '' || /[",\r\n]|^\s|\s$/.test(text))
    ? quoted(text)
    : /[",]/.test(text)
      ? quoted(text)
      : text;
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

const plainText = (value: Exclude<Value, null | string>): string =>
  typeof value === 'object'
    ? JSON.stringify(exactJson(value))
    : typeof value === 'number'
      ? numberText(value)
      : String(value);

const numberText = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));
