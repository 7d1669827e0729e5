/** A handler's return value as JSON. A value that JSON would silently change or drop is the handler's mistake. */
import { ValidationError } from '../../contract/errors.ts';
import type { Json } from '../../contract/json.ts';
import { ExactNumber } from '../../exact/exact-number.ts';

/** Deeper nesting than any result needs, and shallow enough for every reader's stack. */
const deepest = 100;

/** The value as JSON: nothing is null, dates are ISO texts, undefined properties are left out; everything else that JSON does not have is listed in a ValidationError. */
export function toJson(value: unknown, what = 'the result'): Json {
  const violations: string[] = [];
  const result = convert(value === undefined ? null : value, { path: '', above: [], violations });
  if (violations.length > 0) throw new ValidationError(`${what} is not JSON`, violations);
  return result ?? null;
}

/** Objects that `JSON.stringify` turns into `{}` or worse. */
const notJson = [Map, Set, Promise, RegExp, Error, ArrayBuffer] as const;

interface Nesting {
  readonly path: string;
  readonly above: readonly object[];
  readonly violations: string[];
}

function convert(value: unknown, nesting: Nesting): Json | undefined {
  const complain = (what: string): null => {
    nesting.violations.push(`${nesting.path || '/'}: ${what}`);
    return null;
  };
  if (value === null || value === undefined || typeof value === 'boolean') return value;
  if (typeof value === 'string')
    return value.isWellFormed() ? value : complain('a text with half a character (lone surrogate)');
  if (typeof value === 'number') return Number.isFinite(value) ? value : complain(`${value} is not a JSON number`);
  if (typeof value === 'bigint') return complain(`the bigint ${value}n is not JSON; return it as a text`);
  if (value instanceof ExactNumber)
    return complain(`the number ${value.text} would be rounded by readers; return it as a text`);
  if (typeof value !== 'object') return complain(`a ${typeof value} is not JSON`);
  if (nesting.above.includes(value)) return complain('the value contains itself');
  if (nesting.above.length >= deepest) return complain(`nested deeper than ${deepest} levels`);
  const inner = (key: string | number): Nesting => ({
    ...nesting,
    path: `${nesting.path}/${key}`,
    above: [...nesting.above, value],
  });
  const odd = notJson.find((type) => value instanceof type);
  if (odd || ArrayBuffer.isView(value)) return complain(`a ${value.constructor.name} is not JSON`);
  if (Symbol.iterator in value !== Array.isArray(value) || Symbol.asyncIterator in value) {
    return complain('an iterator is not JSON');
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') return convert(value.toJSON(), inner('toJSON()'));
  if (Array.isArray(value)) return Array.from(value, (item, index) => convert(item, inner(index)) ?? null);
  const entries = Object.entries(value).flatMap(([key, item]) => {
    if (key === '__proto__') complain('the key "__proto__" is not allowed');
    if (!key.isWellFormed()) complain('a key with half a character (lone surrogate)');
    const converted = convert(item, inner(key));
    return converted === undefined ? [] : [[key, converted] as const];
  });
  return Object.fromEntries(entries);
}
