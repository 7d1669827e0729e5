import { countKeys, countMembers, hasBackslashInKey, mostMembers } from './count-members.ts';
import type { ExactJson, PlainJson } from './json.ts';
import { parseJson } from './parse-json.ts';

/**
 * Parses JSON in which every number is a double: input, templates, records. Throws a ReadProblem with line and column for text that is not JSON, and for data
 * that JSON.parse or JSON.stringify would change or drop: a duplicate key, `__proto__`, half of a surrogate pair, a number that a double cannot hold, -0.
 */
export function readJson(text: string): PlainJson {
  const quick = minusZero.test(text) ? undefined : readQuickly(text);
  return quick === undefined ? (parseJson(text, 'double') as PlainJson) : (quick as PlainJson);
}

/**
 * Parses rows of data in the same way, but keeps a number that a double cannot hold, as a bigint or an ExactNumber. It rejects only numbers beyond every
 * double, such as 1e400.
 */
export function readExactJson(text: string): ExactJson {
  const quick = readQuickly(text);
  return quick === undefined ? parseJson(text, 'exact') : (quick as ExactJson);
}

/** Escapes of surrogates and of the characters of `__proto__`. */
const doubtfulEscape = /\\u(?:[dD][89a-fA-F]|00[567])/;

/** A number that may be -0: JSON.stringify would write it as 0. */
const minusZero = /(?:^|[[:,\s])-0(?![.\d]*[1-9])/;

/** 16 digits may exceed a double's precision, and an exponent of three digits may exceed its range. */
const manyDigits = /\d[\d.]{15}/;
const largeExponent = /\d[eE][-+]?\d{3}/;

/** Returns JSON.parse's result if it certainly lost nothing; otherwise undefined. */
function readQuickly(text: string): unknown {
  if (text.includes('\\u') && doubtfulEscape.test(text)) return undefined;
  if (text.includes('__proto__') || manyDigits.test(text) || largeExponent.test(text)) return undefined;
  if (!text.isWellFormed()) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return value;
  const keys = countKeys(value);
  if (keys !== mostMembers(text) && keys !== countMembers(text)) return undefined;
  // JSON.parse of Node.js 24 has a bug: after it reads an object with the key `x\`, it reads the key "x\u0079" as the same key.
  return text.includes('\\') && hasBackslashInKey(value) ? undefined : value;
}
