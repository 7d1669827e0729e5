import { partitionKinds } from '../../../../input/partitions/partition.ts';
import type { PartitionTemplate } from '../../template.ts';
import { describe, quote } from '../../tree/tree.ts';
import { type Key, type KeyTable, later, type Reader, take, takes } from '../key-table.ts';
import { readMapping, requireKeys } from '../read-mapping.ts';
import { zoneName } from '../read-schedule.ts';
import { oneOf, text } from '../read-value.ts';

const fieldForm = /^[A-Za-z_][A-Za-z0-9_-]*$/;

const field: Reader<string> = takes({ type: 'string', pattern: fieldForm.source }, (value, reading, key) => {
  const name = value.kind === 'scalar' && typeof value.value === 'string' ? value.value : '';
  if (fieldForm.test(name) && name !== 'daybreak') return name;
  const what = value.kind === 'scalar' ? quote(value.text) : describe(value);
  const why = name === 'daybreak' ? '"daybreak" is not part of the input' : 'it has to be an input field, like day';
  reading.say('BAD_VALUE', value.range, `"${key}" is ${what}; ${why}`);
  return null;
});

const by = {
  name: 'by',
  means: '`hour`, `day`, `week` (ISO, from Monday) or `month`: what one run works on',
  required: true,
  read: oneOf(partitionKinds),
} satisfies Key;

const key = {
  name: 'key',
  means: 'input field that names the partition, like `"2026-11-29"`; `partition` when left out',
  read: field,
} satisfies Key;

const timezone = {
  name: 'timezone',
  means: 'IANA name of the zone in which partitions begin and end; that of the schedule when left out',
  read: zoneName,
} satisfies Key;

const start = {
  name: 'start',
  means: 'name of the first partition: none before it is run or missed',
  read: text,
} satisfies Key;

/** Keys of `partition`. */
export const partitionKeys: KeyTable = {
  of: '"partition"',
  keys: [
    by,
    key,
    timezone,
    start,
    later(
      'reprocess',
      'late data: the last partitions again',
      'run them again: daybreak backfill --all --from ... --to ...',
    ),
  ],
};

/** The pieces of time on which runs work, one each. */
export const partition: Reader<PartitionTemplate> = takes(
  (of) => of(partitionKeys),
  (value, reading) => {
    const map = readMapping(value, partitionKeys, reading);
    if (map === null) return null;
    requireKeys(value, partitionKeys, reading);
    const kind = take(map, by, reading);
    const read = {
      key: take(map, key, reading) ?? 'partition',
      timezone: take(map, timezone, reading),
      start: take(map, start, reading),
    };
    return kind === null ? null : { by: kind, ...read };
  },
);
