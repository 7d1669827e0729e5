/** Objects of an answer in which APIs state facts about their pages; without `_`, `-` and capitals. */
const objects = new Set('meta metadata pagination paging pageinfo page responsemetadata links'.split(' '));

/** A field of an answer. */
interface Field {
  readonly name: string;
  /** The name without `_`, `-` and capitals. */
  readonly plain: string;
  readonly value: unknown;
}

/** The objects in which an answer states facts about its pages: the answer itself, and some of its fields. */
export function placesIn(json: unknown): readonly unknown[] {
  return [json, ...fieldsOf(json).flatMap(({ plain, value }) => (objects.has(plain) ? [value] : []))];
}

/** The fields of an object; none of any other value. */
export function fieldsOf(value: unknown): readonly Field[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).map(([name, inner]) => ({
    name,
    plain: name.toLowerCase().replaceAll(/[^a-z]/g, ''),
    value: inner,
  }));
}
