import type { JsonObject } from '../../../contract/json.ts';
import type { Reading } from '../tree/reading.ts';
import type { Tree } from '../tree/tree.ts';

/** The values that a reader takes under a key, as a JSON Schema for editors; `of` gives the schema of a mapping's table. */
type Accepts = (of: (table: KeyTable) => JsonObject, key: string) => JsonObject;

/** Reads one value; null when it is wrong, which has been reported. */
export interface Reader<T> {
  (value: Tree, reading: Reading, key: string): T | null;
  readonly accepts?: Accepts;
}

/** A reader or a shape together with a schema of the values that it takes. The schema may take more, where JSON Schema cannot say it, but nothing less. */
export function takes<R extends Reader<unknown>>(
  accepts: JsonObject | Accepts,
  read: R,
): R & { readonly accepts: Accepts } {
  const described = (...given: Parameters<R>) => read(...(given as [Tree, Reading, string]));
  return Object.assign(described as unknown as R, { accepts: typeof accepts === 'function' ? accepts : () => accepts });
}

/** Brings a value into the form in which values are merged, its own keys by their names; null when there is nothing to merge. */
export type Shape = Reader<Tree>;

/** One key of the language. */
export interface Key<T = unknown> {
  readonly name: string;
  /** One line for the reference. */
  readonly means: string;
  /** The path of the value if this key is another name for it, from the mapping that has the key: `['retry', 'max_attempts']`. */
  readonly aliasOf?: readonly string[];
  /**
   * Not given: implemented. `later`: rejected with NOT_YET_SUPPORTED unless empty. `no effect`: a warning unless empty.
   */
  readonly status?: 'later' | 'no effect';
  /** For `later` and `no effect`: what to do instead. */
  readonly instead?: string;
  readonly required?: true;
  /** A mistyped name of this key is an error, but its value counts for later checks: so one mistake has one message. */
  readonly recovers?: true;
  /** For values that are mappings of keys, or can be written shorter. */
  readonly shape?: Shape;
  /** For all others. */
  readonly read?: Reader<T>;
}

/** All keys that a mapping can have. */
export interface KeyTable {
  /** The mapping's name in messages: `a step`. */
  readonly of: string;
  readonly keys: readonly Key[];
  /** A rule over several keys, as JSON Schema, for editors. */
  readonly rule?: JsonObject;
}

/** The value of a key in a mapping that `readMapping` made; null when it is not given, or wrong, which is reported once. */
export function take<T>(mapping: Tree | null, key: Key<T>, reading: Reading): T | null {
  const entry = mapping?.kind === 'map' ? mapping.entries.get(key.name) : undefined;
  if (!entry) return null;
  // Another name for a key can count in another unit, but reads the same kind of value.
  const read = (entry.read ?? key.read) as Reader<T> | undefined;
  return read === undefined ? null : reading.once(entry.value, read, entry.written);
}

/** Reads every value in a mapping that `readMapping` made, for the mistakes in it alone: of values that lie under others once they are merged. */
export function readEach(tree: Tree | null, reading: Reading): void {
  if (tree?.kind === 'list') for (const item of tree.items) readEach(item, reading);
  if (tree?.kind !== 'map') return;
  for (const { read, value, written } of tree.entries.values()) {
    if (read) reading.once(value, read, written);
    else readEach(value, reading);
  }
}

/** A key that is implemented. */
export function key<const T>(
  name: string,
  means: string,
  read: Reader<T>,
  more: Pick<Key, 'required' | 'recovers' | 'shape'> = {},
) {
  return { name, means, read, ...more } satisfies Key<T>;
}

/** Another name for a key, with its reader unless the value is written in another way. */
export function alias<T>(
  name: string,
  aliasOf: readonly string[],
  { read, shape, means = 'Tasker 1' }: Pick<Key<T>, 'read' | 'shape'> & { readonly means?: string },
): Key<T> {
  return { name, means, aliasOf, ...(read && { read }), ...(shape && { shape }) };
}

/** A key that belongs to the language and does not exist yet. */
export function later(name: string, means: string, instead?: string): Key {
  return {
    name,
    means,
    status: 'later',
    ...(instead !== undefined && { instead }),
  };
}

/** A key that templates of Tasker have and that does nothing here. */
export function noEffect(name: string, means: string, instead: string): Key {
  return {
    name,
    means,
    status: 'no effect',
    instead,
  };
}
