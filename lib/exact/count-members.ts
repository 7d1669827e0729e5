import { deepestJson } from './parse-json.ts';

/** Returns the total number of keys in a value's objects. NaN, which equals nothing, if the value is nested deeper than a reader allows. */
export function countKeys(value: object, depth = 0): number {
  if (depth >= deepestJson) return Number.NaN;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object' && item !== null) count += countKeys(item, depth + 1);
    return count;
  }
  for (const key in value) {
    count += 1;
    const inner = (value as Readonly<Record<string, unknown>>)[key];
    if (typeof inner === 'object' && inner !== null) count += countKeys(inner, depth + 1);
  }
  return count;
}

/** True if a key of an object in a value holds a backslash. */
export function hasBackslashInKey(value: object): boolean {
  return Object.entries(value).some(
    ([key, inner]) =>
      (key.includes('\\') && !Array.isArray(value)) ||
      (typeof inner === 'object' && inner !== null && hasBackslashInKey(inner)),
  );
}

const [quote, backslash, colon, space] = [34, 92, 58, 32];

/** Returns a fast upper bound of `countMembers`: colons after a quotation mark or a blank, including those inside texts. */
export function mostMembers(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    const before = text.charCodeAt(at - 1);
    if (before === quote || before <= space) count += 1;
  }
  return count;
}

/** Returns the total number of members in the objects of a valid JSON text: texts before a colon. A duplicate key counts twice. */
export function countMembers(text: string): number {
  let count = 0;
  let at = text.indexOf('"');
  while (at >= 0) {
    let end = text.indexOf('"', at + 1);
    while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
    let next = end + 1;
    while (text.charCodeAt(next) <= space) next += 1;
    if (text.charCodeAt(next) === colon) count += 1;
    at = text.charCodeAt(next) === quote ? next : text.indexOf('"', next);
  }
  return count;
}

/** True if an odd number of backslashes precedes an index. */
function isEscaped(text: string, index: number): boolean {
  let start = index;
  while (text.charCodeAt(start - 1) === backslash) start -= 1;
  return (index - start) % 2 === 1;
}
