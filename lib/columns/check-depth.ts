import type { ColumnType } from './column-type.ts';

/** Reading a list in a list takes DuckDB twice as long from Parquet as a list: 16 deep take 40 ms for 50,000 rows, 30 deep would take hours, and nothing can interrupt it. */
const mostLists = 16;

/** A struct in a struct costs the more the deeper it is, whatever is done with it: 32 deep takes a second per part, 100 deep half a minute. */
const mostLevels = 32;

/** What is wrong with how deep a type is nested, or null. */
export function checkDepth(type: ColumnType, lists = 0, levels = 0): string | null {
  if (lists > mostLists) return `lists stand in lists more than ${mostLists} deep`;
  if (levels > mostLevels) return `it is nested more than ${mostLevels} deep`;
  if (type.kind === 'LIST') return checkDepth(type.element, lists + 1, levels + 1);
  if (type.kind !== 'STRUCT') return null;
  return type.fields.reduce<string | null>((fault, field) => fault ?? checkDepth(field.type, lists, levels + 1), null);
}
