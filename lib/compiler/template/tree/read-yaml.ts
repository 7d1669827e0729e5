import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument, type YAMLMap } from 'yaml';
import { isHeld } from '../../../exact/exact-number.ts';
import { isDay } from '../../../input/instant.ts';
import type { Range } from './range.ts';
import type { Reading } from './reading.ts';
import type { Entry, Mapping, Tree } from './tree.ts';
import { isYaml12, reportSyntax } from './yaml-syntax.ts';

/** Nested deeper than this, a value is a mistake or an attack: the deepest JSON Schemas that people write have about 40 levels. */
const deepest = 100;

/** The number of values that aliases may add to the written ones: far more than any template needs, and still quick to read. */
const mostRepeated = 100_000;

/** The kind of a file, and the keys that it needs, for messages. */
interface FileKind {
  readonly of: string;
  readonly has: string;
}

const template: FileKind = { of: 'a template', has: '"name" and "steps"' };

/** Reads the template's text as a tree with positions. Reports mistakes, and returns null if it cannot be read. */
export function readYaml(reading: Reading, { of, has }: FileKind = template): Mapping | null {
  const document = parseDocument(reading.source.text, {
    prettyErrors: false,
    uniqueKeys: false,
    resolveKnownTags: false,
  });
  if (!reportSyntax(document, reading) || !isYaml12(reading)) return null;
  const root = document.contents as Node | null;
  if (root === null || (isScalar(root) && root.value === null)) {
    reading.say(
      'EMPTY_TEMPLATE',
      { start: 0, end: 0 },
      `${of === template.of ? 'the template' : of} is empty; it needs at least ${has}`,
    );
    return null;
  }
  const tree = new TreeBuilder(reading).build(root, 0);
  if (tree === null) return null;
  if (tree.kind === 'map') return tree;
  const what = tree.kind === 'list' ? 'a list' : 'a single value';
  reading.say('BAD_TYPE', tree.range, `${of} is a mapping with ${has}, but this is ${what}`);
  return null;
}

/** Turns YAML nodes into trees; null after a mistake that makes the rest pointless. */
class TreeBuilder {
  readonly #reading: Reading;
  /** Anchors seen so far; null while the anchored value is still being built. */
  readonly #anchors = new Map<string, { tree: Tree; size: number } | null>();
  #size = 0;
  #repeated = 0;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  build(node: Node | null, depth: number, fallback: Range = { start: 0, end: 0 }): Tree | null {
    if (node === null) return { kind: 'scalar', value: null, text: '', range: fallback };
    const range = this.#rangeOf(node, fallback);
    if (depth > deepest) {
      this.#reading.say('TOO_DEEP', range, `values are nested more than ${deepest} levels deep`);
      return null;
    }
    if (isAlias(node)) return this.#resolve(node.source, range);
    const before = this.#size++;
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, null);
    const tree = isMap(node)
      ? this.#map(node, range, depth)
      : isSeq(node)
        ? this.#list(node.items as (Node | null)[], range, depth)
        : this.#scalar(node, range);
    if (anchor !== undefined && tree !== null) this.#anchors.set(anchor, { tree, size: this.#size - before });
    return tree;
  }

  #resolve(name: string, range: Range): Tree | null {
    const anchored = this.#anchors.get(name);
    if (anchored === undefined) {
      this.#reading.say('YAML_SYNTAX', range, `the alias *${name} has no anchor &${name} before it`);
      return null;
    }
    this.#size += anchored?.size ?? 0;
    this.#repeated += anchored?.size ?? 0;
    if (anchored === null || this.#repeated > mostRepeated) {
      const why = anchored === null ? 'contains itself' : `brings the aliases to more than ${mostRepeated} values`;
      this.#reading.say('ALIAS_BOMB', range, `the alias *${name} ${why}; write the values out`);
      return null;
    }
    return anchored.tree;
  }

  #list(nodes: readonly (Node | null)[], range: Range, depth: number): Tree | null {
    const items: Tree[] = [];
    for (const node of nodes) {
      const item = this.build(node, depth + 1, { start: range.start, end: range.start });
      if (item === null) return null;
      items.push(item);
    }
    return { kind: 'list', items, range };
  }

  #map(node: YAMLMap, range: Range, depth: number): Tree | null {
    const entries = new Map<string, Entry>();
    const merged: Tree[] = [];
    for (const pair of node.items) {
      const key = pair.key as Node | null;
      if (!isScalar(key) || key.value === null) {
        const at = key === null ? range : this.#rangeOf(key, range);
        this.#reading.say('YAML_SYNTAX', at, 'a key has to be text');
        return null;
      }
      const keyRange = this.#rangeOf(key, range);
      const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
      if (!this.#isName(name, keyRange)) return null;
      const value = this.build(pair.value as Node | null, depth + 1, { start: keyRange.end, end: keyRange.end });
      if (value === null) return null;
      if (name === '<<' && key.type === 'PLAIN') {
        merged.push(value);
        continue;
      }
      const first = entries.get(name);
      if (first) {
        const message = `the key "${name}" stands here twice; remove one`;
        this.#reading.say('DUPLICATE_KEY', keyRange, message, { message: 'first given here', at: first.key });
      } else entries.set(name, { written: name, key: keyRange, value });
    }
    return this.#merge(entries, merged) ? { kind: 'map', entries, range } : null;
  }

  /** `<<: *defaults`: brings in the keys that the mapping lacks. */
  #merge(entries: Map<string, Entry>, merged: readonly Tree[]): boolean {
    for (const source of merged.flatMap((tree) => (tree.kind === 'list' ? tree.items : [tree]))) {
      if (source.kind !== 'map') {
        this.#reading.say('YAML_SYNTAX', source.range, '"<<" takes a mapping, or a list of mappings');
        return false;
      }
      for (const [name, entry] of source.entries) if (!entries.has(name)) entries.set(name, entry);
    }
    return true;
  }

  /** A key of an object is one in JavaScript too. */
  #isName(name: string, range: Range): boolean {
    if (name === '__proto__') this.#reading.say('BAD_NAME', range, 'no key can have the name "__proto__"; rename it');
    return name !== '__proto__' && this.#isText(name, range);
  }

  #isText(text: string, range: Range): boolean {
    if (text.isWellFormed()) return true;
    const half = [...text].findIndex((character) => !character.isWellFormed());
    const message = `character ${half + 1} of this text is half of a surrogate pair, which no text in UTF-8 can hold; remove it`;
    this.#reading.say('BAD_VALUE', range, message);
    return false;
  }

  #scalar(node: Node, range: Range): Tree | null {
    const value: unknown = isScalar(node) ? node.value : undefined;
    const written = this.#reading.source.text.slice(range.start, range.end);
    if (typeof value === 'string') {
      if (isMissingDay(value))
        this.#reading.say('BAD_VALUE', range, `${JSON.stringify(value)} names a day that does not exist`);
      return this.#isText(value, range) ? { kind: 'scalar', value, text: value, range } : null;
    }
    if (value === null || typeof value === 'boolean') return { kind: 'scalar', value, text: written, range };
    if (typeof value === 'number' && Number.isFinite(value)) {
      // A tiny number becomes 0; of whole numbers the size alone decides, not the notation.
      const isKept = Number.isInteger(value) && value !== 0 ? Number.isSafeInteger(value) : isHeld(written, value);
      if (isKept) return { kind: 'scalar', value: Object.is(value, -0) ? 0 : value, text: written, range };
      const message = `the number ${written} cannot be held exactly: it would become ${value}; put it in quotation marks`;
      this.#reading.say('BAD_VALUE', range, message);
      return null;
    }
    this.#reading.say('BAD_VALUE', range, `${written} is not a value that JSON can hold; put it in quotation marks`);
    return null;
  }

  #rangeOf(node: Node, fallback: Range): Range {
    if (!node.range) return fallback;
    const [start, end] = node.range;
    const text = this.#reading.source.text;
    let last = Math.min(end, text.length);
    // A block value's range includes the line break after it.
    while (last > start && /\s/.test(text[last - 1] ?? '')) last--;
    return { start, end: last };
  }
}

/** True if a text has the form of a day, alone or with a time, in a month that has no such day. */
const isMissingDay = (text: string): boolean =>
  /^(19|20|21)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T\d\d:\d\d\S*)?$/.test(text) && !isDay(text.slice(0, 10));
