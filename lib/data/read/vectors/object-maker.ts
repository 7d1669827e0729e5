import type { Row, Value } from '../../row.ts';

/**
 * Makes objects from columns of values, one per name. They start as copies of one object, so that V8 has one shape for all of them, without code generated from
 * names.
 */
export function objectMaker(
  names: readonly string[],
): (columns: readonly (readonly Value[])[], count: number) => Row[] {
  const blank: Row = Object.fromEntries(names.map((name) => [name, null]));
  return (columns, count) => {
    const objects = new Array<Row>(count);
    for (let at = 0; at < count; at += 1) {
      const object = { ...blank };
      for (let each = 0; each < names.length; each += 1) {
        object[names[each] as string] = (columns[each] as readonly Value[])[at] as Value;
      }
      objects[at] = object;
    }
    return objects;
  };
}
