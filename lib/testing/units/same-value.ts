import type { Json } from '../../contract/json.ts';
import { isObject } from '../../contract/json.ts';

/** Column types whose values are numbers, also where JavaScript gets them as text. */
const numeric = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL|NUMERIC|DOUBLE|FLOAT|REAL)\b/i;

/** Column types whose values are moments. */
const moment = /^TIMESTAMP/i;

/** True if a value of a column equals the expected one: numbers by their value, moments by their time, everything else as it is. */
export function sameCell(expected: Json, actual: unknown, type: string, tolerance: number): boolean {
  if (expected === null || actual === null || actual === undefined)
    return expected === null && (actual ?? null) === null;
  if (numeric.test(type)) return sameNumber(expected, actual, tolerance);
  if (moment.test(type)) return sameMoment(expected, actual);
  return sameJson(expected, plain(actual), { tolerance, named: false });
}

/** The rule by which two JSON values are compared. `named`: of a mapping only the expected keys count. */
export interface JsonRule {
  readonly tolerance: number;
  readonly named: boolean;
}

/** True if a JSON value equals the expected one. */
export function sameJson(expected: Json, actual: Json | undefined, rule: JsonRule): boolean {
  if (typeof expected === 'number' && typeof actual === 'number') return sameNumber(expected, actual, rule.tolerance);
  if (Array.isArray(expected))
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((item, index) => sameJson(item, actual[index], rule))
    );
  if (!isObject(expected)) return expected === actual;
  if (!isObject(actual)) return false;
  const found = new Map(Object.entries(actual));
  const entries = Object.entries(expected);
  if (!rule.named && found.size !== entries.length) return false;
  return entries.every(([key, value]) => found.has(key) && sameJson(value, found.get(key), rule));
}

/** A value of a row as JSON has it: whole numbers that JavaScript holds only as a bigint become text. */
export function plain(value: unknown): Json {
  const text = JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner));
  return text === undefined ? null : (JSON.parse(text) as Json);
}

/** Exact for any number of digits; with a tolerance as floating-point numbers. */
function sameNumber(expected: Json, actual: unknown, tolerance: number): boolean {
  const [left, right] = [decimal(expected), decimal(actual)];
  if (left === null || right === null) return String(expected) === String(actual);
  if (left === right) return true;
  return tolerance > 0 && Math.abs(Number(expected) - Number(actual)) <= tolerance;
}

/** The one spelling of a decimal number; null for what is none. */
function decimal(value: unknown): string | null {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d+)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i.exec(String(value).trim()) ?? [];
  if (whole === '') return null;
  const digits = (whole + fraction).replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return '0';
  const power = Number(exponent) - fraction.length + (digits.length - kept.length);
  return `${sign === '-' ? '-' : ''}${kept}e${power}`;
}

function sameMoment(expected: Json, actual: unknown): boolean {
  const [left, right] = [Date.parse(String(expected)), Date.parse(String(plain(actual)))];
  return String(expected) === plain(actual) || (!Number.isNaN(left) && left === right);
}
