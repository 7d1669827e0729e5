import { ExactNumber } from './exact-number.ts';
import { deepestJson } from './parse-json.ts';
import { WriteProblem } from './write-problem.ts';

/**
 * Writes a value as exact JSON: bigints and ExactNumbers digit by digit, a Date as its moment in UTC. It omits undefined properties. Throws a WriteProblem with
 * the path of any value that JSON.stringify would change: NaN and the infinities, undefined in an array, half of a surrogate pair, an invalid Date, a Map,
 * bytes, a function. `indent` is the number of blanks per level; the default 0 writes one line.
 */
export function writeJson(value: unknown, indent = 0): string {
  return write(value, { indent, above: [] });
}

interface Nesting {
  readonly indent: number;
  /** The objects that contain this value. */
  readonly above: readonly object[];
}

function write(value: unknown, nesting: Nesting): string {
  if (typeof value === 'string') return writeText(value);
  if (typeof value === 'number') return writeNumber(value);
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value instanceof ExactNumber) return value.text;
  if (typeof value !== 'object') throw new WriteProblem(`${nameOf(value)} is not JSON`);
  if (nesting.above.includes(value)) throw new WriteProblem('the value contains itself');
  if (nesting.above.length >= deepestJson) throw new WriteProblem(`it is nested more than ${deepestJson} levels deep`);
  const inside = { ...nesting, above: [...nesting.above, value] };
  if (Array.isArray(value)) return writeArray(value, inside);
  if (value instanceof Date) return writeDate(value);
  if (isOdd(value)) throw new WriteProblem(`${nameOf(value)} is not JSON`);
  if ('toJSON' in value && typeof value.toJSON === 'function') return write(value.toJSON(), inside);
  return writeObject(value, inside);
}

function writeText(text: string): string {
  if (!text.isWellFormed()) throw new WriteProblem('a text holds half of a character (a lone surrogate)');
  return JSON.stringify(text);
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value))
    throw new WriteProblem(`${value} is not JSON; write null or a text if you mean one, or correct the value`);
  return Object.is(value, -0) ? '-0.0' : String(value);
}

function writeDate(date: Date): string {
  if (Number.isNaN(date.getTime())) throw new WriteProblem('an invalid Date is not JSON');
  return `"${date.toISOString()}"`;
}

function writeArray(items: readonly unknown[], nesting: Nesting): string {
  const texts = Array.from(items, (item, index) => within(`[${index}]`, () => write(item, nesting)));
  return enclosed('[', texts, ']', nesting);
}

function writeObject(object: object, nesting: Nesting): string {
  const texts: string[] = [];
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    const lead = `${writeText(key)}:${nesting.indent > 0 ? ' ' : ''}`;
    texts.push(lead + within(`.${key}`, () => write(value, nesting)));
  }
  return enclosed('{', texts, '}', nesting);
}

function enclosed(open: string, texts: readonly string[], close: string, { indent, above }: Nesting): string {
  if (indent === 0 || texts.length === 0) return `${open}${texts.join(',')}${close}`;
  const line = `\n${' '.repeat(indent * above.length)}`;
  return `${open}${line}${texts.join(`,${line}`)}${line.slice(0, -indent)}${close}`;
}

function within(segment: string, work: () => string): string {
  try {
    return work();
  } catch (error) {
    throw error instanceof WriteProblem ? error.within(segment) : error;
  }
}

/** True for objects that JSON.stringify turns into `{}` or worse. */
function isOdd(value: object): boolean {
  return (
    [Map, Set, Promise, RegExp, Error, ArrayBuffer].some((type) => value instanceof type) ||
    ArrayBuffer.isView(value) ||
    Symbol.iterator in value ||
    Symbol.asyncIterator in value
  );
}

function nameOf(value: unknown): string {
  if (value === undefined) return 'undefined';
  return typeof value === 'object' ? `a ${value?.constructor?.name ?? 'strange object'}` : `a ${typeof value}`;
}
