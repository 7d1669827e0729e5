import type { Reading } from '../../tree/reading.ts';
import { describe, type Tree } from '../../tree/tree.ts';
import { type Reader, takes } from '../key-table.ts';

/** Names of columns: a list, or one name alone; none twice. */
export const columnNames: Reader<string[]> = takes(
  { type: ['string', 'number', 'array'], items: { type: ['string', 'number'] }, minItems: 1, minLength: 1 },
  (value, reading, key) => {
    const items = value.kind === 'list' ? value.items : [value];
    if (items.length === 0) {
      reading.say('BAD_VALUE', value.range, `"${key}" needs the name of at least one column`);
      return null;
    }
    const names = items.map((item) => columnText(item, reading, key));
    const twice = names.findIndex((name, index) => name !== null && names.indexOf(name) !== index);
    if (twice >= 0) reading.say('BAD_VALUE', items[twice]?.range ?? value.range, `"${key}" names a column twice`);
    return twice >= 0 || names.includes(null) ? null : (names as string[]);
  },
);

/** The name of one column. */
export const columnName: Reader<string> = takes({ type: ['string', 'number'], minLength: 1 }, columnText);

function columnText(value: Tree, reading: Reading, key: string): string | null {
  if (
    value.kind === 'scalar' &&
    value.text !== '' &&
    (typeof value.value === 'string' || typeof value.value === 'number')
  )
    return value.text;
  const what = value.kind === 'scalar' && value.text === '' ? 'an empty text' : describe(value);
  reading.say('BAD_TYPE', value.range, `"${key}" is the name of a column, but this is ${what}`);
  return null;
}
