import { digestOf } from '../../contract/fingerprint.ts';
import type { Json } from '../../contract/json.ts';

/** Paths at which two values differ, in the order of the keys: `initialization.batch_size`, `channels[1]`. */
export function differences(before: Json | undefined, now: Json | undefined, path = ''): string[] {
  if (before !== undefined && now !== undefined && digestOf(before) === digestOf(now)) return [];
  const left = entriesOf(before);
  const right = entriesOf(now);
  if (!left || !right || Array.isArray(before) !== Array.isArray(now)) return [path || 'everything'];
  const keys = [...new Set([...left.keys(), ...right.keys()])];
  const named = (key: string): string =>
    Array.isArray(now) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
  return keys.flatMap((key) => {
    const [was, is] = [left.get(key), right.get(key)];
    return was === undefined && is === undefined ? [] : differences(was, is, named(key));
  });
}

/** Null for a value without parts. */
const entriesOf = (value: Json | undefined): Map<string, Json> | null =>
  typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : null;

/** The first three paths, and the number of the others. */
export function shortList(paths: readonly string[]): string {
  const more = paths.length - 3;
  return `${paths.slice(0, 3).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
