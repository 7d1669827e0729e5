import type { ColumnType } from './column-type.ts';

/**
 * DuckDB takes twice as long to read from Parquet with each nested list. 16 levels take 40 ms for 50,000 rows; 30 levels would take hours, and nothing can
 * interrupt them.
 */
const mostLists = 16;

/** Each operation on a nested struct costs more with each level: 32 levels take a second per part, 100 levels half a minute. */
const mostLevels = 32;

/** Returns why a type is nested too deep, or null. */
export function checkDepth(type: ColumnType, lists = 0, levels = 0): string | null {
  if (lists > mostLists) return `lists stand in lists more than ${mostLists} deep`;
  if (levels > mostLevels) return `it is nested more than ${mostLevels} deep`;
  if (type.kind === 'LIST') return checkDepth(type.element, lists + 1, levels + 1);
  if (type.kind !== 'STRUCT') return null;
  return type.fields.reduce<string | null>((fault, field) => fault ?? checkDepth(field.type, lists, levels + 1), null);
}
