import type { Json, JsonObject } from '../../../contract/json.ts';
import type { Range } from './range.ts';
import type { Reading } from './reading.ts';

interface Scalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As written, for messages and for values that are text even if they look like a number. */
  readonly text: string;
  readonly range: Range;
}

interface List {
  readonly kind: 'list';
  readonly items: readonly Tree[];
  readonly range: Range;
}

export interface Entry {
  /** The key as written; after normalising it can differ from the entry's name. */
  readonly written: string;
  readonly key: Range;
  readonly value: Tree;
  /** The reader of the written key for its value; set when keys are checked against their table. */
  readonly read?: (value: Tree, reading: Reading, key: string) => unknown;
}

export interface Mapping {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly range: Range;
}

/** YAML content in which every value remembers where it was written, through aliases, defaults and overrides. */
export type Tree = Scalar | List | Mapping;

/** The value under a key, or null. */
export function get(tree: Tree | null | undefined, key: string): Tree | null {
  return tree?.kind === 'map' ? (tree.entries.get(key)?.value ?? null) : null;
}

/** Plain JSON of a tree. A key named `__proto__` stays a key. */
export function toJson(tree: Tree): Json {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map(toJson);
  return toJsonObject(tree);
}

/** Plain JSON of a mapping. */
export function toJsonObject(tree: Mapping): JsonObject {
  return Object.fromEntries([...tree.entries].map(([key, { value }]) => [key, toJson(value)]));
}

/** True if a value is empty: `key:`, `[]` and `{}`. */
export function isEmpty(tree: Tree): boolean {
  return (
    (tree.kind === 'scalar' && tree.value === null) ||
    (tree.kind === 'list' && tree.items.length === 0) ||
    (tree.kind === 'map' && tree.entries.size === 0)
  );
}

/** The kind of a value, in words: `a list`, `the text "x"`. */
export function describe(tree: Tree): string {
  if (tree.kind === 'list') return 'a list';
  if (tree.kind === 'map') return 'a mapping';
  if (tree.value === null) return 'empty';
  if (typeof tree.value === 'string') return `the text ${quote(tree.value)}`;
  return `${typeof tree.value === 'number' ? 'the number' : 'the flag'} ${tree.text}`;
}

/** A value in quotation marks, shortened when it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}
