import { checkNames } from '../../../columns/check-names.ts';
import { renderColumnType } from '../../../columns/column-type.ts';
import { parseColumnType } from '../../../columns/parse-column-type.ts';
import { PermanentError } from '../../../contract/errors.ts';
import type { Reading } from '../tree/reading.ts';
import { describe, type Entry, isEmpty, quote } from '../tree/tree.ts';
import { onViolation } from './checks/check-keys.ts';
import { checks } from './checks/read-checks.ts';
import { emptyValue } from './empty-value.ts';
import { type Key, type KeyTable, key, type Reader, type Shape, takes } from './key-table.ts';
import { readMapping } from './read-mapping.ts';
import { profile } from './read-profile.ts';
import { mapping } from './read-value.ts';

/** The form of a dataset's name. */
export const datasetForm = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

/** True if a name can be a dataset's; otherwise it is reported. A dot is not allowed, which would hide in "step.dataset" where the one ends and the other begins. */
export function datasetName(name: string, { key }: Entry, reading: Reading): boolean {
  if (datasetForm.test(name)) return true;
  const form = 'letters, digits, "_" and "-", beginning with a letter or digit, at most 100';
  reading.say('BAD_NAME', key, `the name ${quote(name)} of a dataset is not of ${form}`);
  return false;
}

const columns: Reader<Record<string, string>> = takes(
  { type: 'object', additionalProperties: { type: 'string' } },
  (value, reading, key) => {
    const map = mapping(value, reading, key);
    if (map === null) return null;
    const fault = checkNames([...map.entries.keys()]);
    if (fault !== null) reading.say('BAD_COLUMN', value.range, `"${key}" cannot be the columns of a dataset: ${fault}`);
    return Object.fromEntries(
      [...map.entries].flatMap(([name, entry]) => {
        const type = columnType(name, entry, reading);
        return type === null ? [] : [[name, type]];
      }),
    );
  },
);

const columnType = (name: string, { value }: Entry, reading: Reading): string | null => {
  if (value.kind !== 'scalar' || typeof value.value !== 'string') {
    const message = `the column ${quote(name)} needs a type, like VARCHAR or DECIMAL(18,2), but this is ${describe(value)}`;
    reading.say('BAD_COLUMN', value.range, message);
    return null;
  }
  try {
    return renderColumnType(parseColumnType(value.value));
  } catch (fault) {
    if (!(fault instanceof PermanentError)) throw fault;
    reading.say('BAD_COLUMN', value.range, `the column ${quote(name)}: ${fault.message}`);
    return null;
  }
};

/** Columns of a dataset. */
export const schema = {
  name: 'schema',
  means: "column names to column types; the dataset's columns have to be these",
  read: columns,
} satisfies Key;

/** Rules that the rows of a dataset have to keep. */
export const checksKey = key('checks', 'rules that the rows have to keep, see "Check"', checks);

/** The setting of the profile of one dataset. */
export const profileKey = key(
  'profile',
  'what its values are like: `true`, `false`, or `{top_values: false}`; by default datasets with checks and published ones have a profile',
  profile,
);

/** Keys of one dataset of `outputs`. */
export const outputKeys: KeyTable = {
  of: 'a dataset',
  keys: [schema, checksKey, onViolation, profileKey],
};

/** Datasets that the step writes, by name. A name without a value is a dataset too. */
export const outputs: Shape = takes(
  (of) => ({
    anyOf: [
      emptyValue,
      {
        type: 'object',
        propertyNames: { pattern: datasetForm.source },
        additionalProperties: { anyOf: [of(outputKeys), emptyValue] },
      },
    ],
  }),
  (value, reading, key) => {
    if (isEmpty(value)) return null;
    const map = mapping(value, reading, key);
    if (map === null) return null;
    const entries = new Map<string, Entry>();
    for (const [name, entry] of map.entries) {
      if (!datasetName(name, entry, reading)) continue;
      const nothing = { kind: 'map', entries: new Map(), range: entry.value.range } as const;
      const shaped = isEmpty(entry.value) ? nothing : readMapping(entry.value, outputKeys, reading);
      if (shaped) entries.set(name, { ...entry, value: shaped });
    }
    return { ...map, entries };
  },
);
