import type { ColumnType } from '../../columns/column-type.ts';
import type { Json } from '../../contract/json.ts';

/**
 * Replaces texts by others without meaning: the first one by `text-1`, and so on. Equal texts get equal ones, in every column and dataset of a test, so that joins and groups stay as they are. Nulls, the
 * empty text, numbers, days and moments stay.
 */
export class Mask {
  readonly #texts = new Map<string, string>();

  /** A value of this type. */
  value(value: Json, type: ColumnType): Json {
    if (value === null) return null;
    if (type.kind === 'VARCHAR') return this.#text(String(value));
    if (type.kind === 'LIST') return Array.isArray(value) ? value.map((item) => this.value(item, type.element)) : value;
    if (type.kind !== 'STRUCT' || typeof value !== 'object' || Array.isArray(value)) return value;
    const types = new Map(type.fields.map((field) => [field.name, field.type]));
    const masked = Object.entries(value).map(([name, item]): [string, Json] => {
      const inner = types.get(name);
      return [name, inner ? this.value(item, inner) : item];
    });
    return Object.fromEntries(masked);
  }

  /** Every text in a JSON value. */
  json(value: Json): Json {
    if (typeof value === 'string') return this.#text(value);
    if (Array.isArray(value)) return value.map((item) => this.json(item));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.json(item)]));
  }

  #text(text: string): string {
    if (text === '') return text;
    const known = this.#texts.get(text) ?? `text-${this.#texts.size + 1}`;
    this.#texts.set(text, known);
    return known;
  }
}
