import { didYouMean, nearestName } from '../../../diagnostics/did-you-mean.ts';
import type { Range } from '../tree/range.ts';
import type { Reading } from '../tree/reading.ts';
import { describe, type Entry, get, isEmpty, type Mapping, type Tree } from '../tree/tree.ts';
import type { Key, KeyTable } from './key-table.ts';

/**
 * Holds the keys of a mapping to their table: unknown keys, keys without effect or not yet there, a value given twice. The result has canonical names only.
 * Its values are read by `take`, after mappings were merged.
 */
export function readMapping(tree: Tree, table: KeyTable, reading: Reading): Mapping | null {
  if (tree.kind !== 'map') {
    reading.say('BAD_TYPE', tree.range, `${table.of} is a mapping of keys to values, but this is ${describe(tree)}`);
    return null;
  }
  const known = new Map(table.keys.map((key) => [key.name, key]));
  const result = emptyMapping(tree.range);
  const unknown: (readonly [string, Entry])[] = [];
  // Names before aliases, so that a conflict is reported at the alias.
  const aliases: [Key, Entry][] = [];
  for (const [name, entry] of tree.entries) {
    const key = known.get(name);
    if (!key) unknown.push([name, entry]);
    else if (isRefused(key, entry, reading)) continue;
    else if (key.aliasOf) aliases.push([key, entry]);
    else {
      const shaped = shapeEntry(key, entry, reading);
      if (shaped) place(result, [name], shaped, reading);
    }
  }
  if (unknown.length > 0) reportUnknown(unknown, table, reading);
  for (const [key, entry] of aliases) {
    const shaped = shapeEntry(key, entry, reading);
    if (shaped) place(result, key.aliasOf ?? [], shaped, reading);
  }
  for (const [name, entry] of unknown) {
    const meant = meantBy(name, table);
    const shaped = meant && !result.entries.has(meant.name) ? shapeEntry(meant, entry, reading) : null;
    if (meant && shaped) place(result, [meant.name], shaped, reading);
  }
  return result;
}

/** The key that a mistyped name means, if it recovers. */
const meantBy = (name: string, { keys }: KeyTable): Key | undefined => {
  const nearest = nearestName(
    name,
    keys.map((key) => key.name),
  );
  const found = keys.find((key) => key.name === nearest);
  const meant = found?.aliasOf?.length === 1 ? keys.find((key) => key.name === found.aliasOf?.[0]) : found;
  return meant?.recovers ? meant : undefined;
};

/** Reports the required keys that a mapping read with `readMapping` lacks and that were not written at all. */
export function requireKeys(written: Tree, table: KeyTable, reading: Reading): void {
  if (written.kind !== 'map') return;
  for (const key of table.keys.filter((k) => k.required)) {
    const names = [key.name, ...table.keys.filter((k) => k.aliasOf?.[0] === key.name).map((k) => k.name)];
    const given = names.some((name) => {
      const value = get(written, name);
      return value !== null && !(value.kind === 'scalar' && value.value === null);
    });
    if (!given)
      reading.say('MISSING_KEY', firstLine(written, reading), `${table.of} needs the key "${key.name}": ${key.means}`);
  }
}

/** The first key of a mapping: a shorter mark than the whole. */
const firstLine = (tree: Mapping, reading: Reading): { start: number; end: number } => {
  const first = tree.entries.values().next().value;
  return first
    ? first.key
    : { start: tree.range.start, end: Math.min(tree.range.start + 1, reading.source.text.length) };
};

const shapeEntry = ({ shape, read }: Key, entry: Entry, reading: Reading): Entry | null => {
  // `timeout_seconds:` says nothing, as in the templates that generators write.
  if (entry.value.kind === 'scalar' && entry.value.value === null) return null;
  const value = shape ? shape(entry.value, reading, entry.written) : entry.value;
  return value && { ...entry, value, ...(read && { read }) };
};

/** More unknown keys than a person mistypes: the mapping is something else. */
const mostUnknown = 20;

const reportUnknown = (unknown: readonly (readonly [string, Entry])[], table: KeyTable, reading: Reading): void => {
  const names = table.keys.filter((key) => key.status !== 'no effect').map((key) => key.name);
  const primary = () => primaryKeys(table).join(', ');
  for (const [name, entry] of unknown.slice(0, mostUnknown)) {
    const hint = didYouMean(name, names) || `; its keys are ${primary()}`;
    reading.say('UNKNOWN_KEY', entry.key, `${table.of} has no key "${name}"${hint}`);
  }
  const [, next] = unknown[mostUnknown] ?? [];
  if (!next) return;
  const more = unknown.length - mostUnknown;
  reading.say(
    'UNKNOWN_KEY',
    next.key,
    `${table.of} has none of this key and ${more - 1} others; its keys are ${primary()}`,
  );
};

const primaryKeys = ({ keys }: KeyTable): string[] =>
  keys.filter((key) => !key.aliasOf && key.status === undefined).map((key) => key.name);

const isRefused = (key: Key, entry: Entry, reading: Reading): boolean => {
  if (key.status === undefined) return false;
  if (isEmpty(entry.value)) return true;
  const instead = key.instead === undefined ? '' : `; ${key.instead}`;
  if (key.status === 'later')
    reading.say('NOT_YET_SUPPORTED', entry.key, `"${key.name}" is not supported by this version${instead}`);
  else reading.say('NO_EFFECT', entry.key, `"${key.name}" has no effect here${instead}`);
  return true;
};

/** A mapping that is being made. */
interface OpenMapping extends Mapping {
  readonly entries: Map<string, Entry>;
}

const emptyMapping = (range: Range): OpenMapping => ({ kind: 'map', entries: new Map(), range });

/** Puts an entry at its path; reports a second value for the path. Several steps may share a mapping on the way, so it is copied. */
const place = ({ entries }: OpenMapping, path: readonly string[], entry: Entry, reading: Reading): void => {
  const [name, ...rest] = path;
  if (name === undefined) return;
  const there = entries.get(name);
  if (rest.length > 0) {
    const known = there?.value.kind === 'map' ? there.value : emptyMapping(entry.value.range);
    const inner = { ...known, entries: new Map(known.entries) };
    const { read: _, ...parent } = there ?? entry;
    place(inner, rest, entry, reading);
    entries.set(name, { ...parent, value: inner });
  } else if (there) {
    const message = `"${entry.written}" and "${there.written}" are two names for the same value; keep one`;
    reading.say('KEY_CONFLICT', entry.key, message, { message: `"${there.written}" is given here`, at: there.key });
  } else entries.set(name, entry);
};
