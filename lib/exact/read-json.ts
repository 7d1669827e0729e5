import { countKeys, countMembers, hasBackslashInKey, mostMembers } from './count-members.ts';
import type { ExactJson, PlainJson } from './json.ts';
import { parseJson } from './parse-json.ts';

/**
 * Parses JSON in which every number is a double: input, templates, records. Throws a ReadProblem with line and column for what is not JSON, and for what JSON.parse would change or drop: a key
 * that is there twice, `__proto__`, half of a surrogate pair, a number that a double does not hold.
 */
export function readJson(text: string): PlainJson {
  const quick = readQuickly(text);
  return quick === undefined ? (parseJson(text, 'double') as PlainJson) : (quick as PlainJson);
}

/** The same for rows of data: a number that a double does not hold is kept, as a bigint or an ExactNumber. Only one beyond every double, such as 1e400, is refused. */
export function readExactJson(text: string): ExactJson {
  const quick = readQuickly(text);
  return quick === undefined ? parseJson(text, 'exact') : (quick as ExactJson);
}

/** Escapes of surrogates and of the characters of `__proto__`. */
const doubtfulEscape = /\\u(?:[dD][89a-fA-F]|00[567])/;

/** 16 digits may be more than a double holds, and an exponent of three more than it reaches. */
const manyDigits = /\d[\d.]{15}/;
const largeExponent = /\d[eE][-+]?\d{3}/;

/** What JSON.parse gives, if it is certain that it lost nothing; else undefined. */
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
  // Once the JSON.parse of Node.js 24 has read an object with the key `x\`, it takes the key "x\u0079" for the same.
  return text.includes('\\') && hasBackslashInKey(value) ? undefined : value;
}
