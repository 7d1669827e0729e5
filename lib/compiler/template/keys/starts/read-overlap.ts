import type { OverlapTemplate } from '../../template.ts';
import { describe, quote } from '../../tree/tree.ts';
import { type Key, type KeyTable, type Reader, take, takes } from '../key-table.ts';
import { readMapping } from '../read-mapping.ts';
import { oneOf } from '../read-value.ts';

const pathForm = /^[^\s.]+(\.[^\s.]+)*$/;

const fieldPath: Reader<string> = takes({ type: 'string', pattern: pathForm.source }, (value, reading, key) => {
  const path = value.kind === 'scalar' && typeof value.value === 'string' ? value.value : '';
  if (!pathForm.test(path)) {
    const what = value.kind === 'scalar' ? quote(value.text) : describe(value);
    const message = `"${key}" is ${what}; it has to be the path of an input field, like region or date_range.start_date`;
    reading.say('BAD_VALUE', value.range, message);
    return null;
  }
  if (path.split('.')[0] !== 'daybreak') return path;
  reading.say('BAD_VALUE', value.range, `"${key}" is ${quote(path)}, but "daybreak" is not part of the input`);
  return null;
});

const policies = ['skip', 'queue', 'allow'] as const;

const policy = {
  name: 'policy',
  means: '`skip` (default): it does not run; `queue`: it runs when its turn comes; `allow`: it runs at once',
  read: oneOf(policies),
} satisfies Key;

const field = {
  name: 'key',
  means: 'path of an input field, like `region`: only runs with the same value there keep each other out',
  read: fieldPath,
} satisfies Key;

/** Keys of `overlap`. */
export const overlapKeys: KeyTable = { of: '"overlap"', keys: [policy, field] };

/** The behaviour of a start while another run is active: a mapping, or the policy alone. */
export const overlap: Reader<OverlapTemplate> = takes(
  (of) => ({ anyOf: [{ enum: [...policies] }, of(overlapKeys)] }),
  (value, reading, key) => {
    if (value.kind === 'scalar') {
      const alone = policy.read(value, reading, key);
      return alone && { policy: alone, key: null };
    }
    const map = readMapping(value, overlapKeys, reading);
    if (map === null) return null;
    const read = { policy: take(map, policy, reading), key: take(map, field, reading) };
    const at = map.entries.get('key');
    if (at && read.policy === 'allow')
      reading.say('BAD_VALUE', at.key, '"key" has no meaning with the policy "allow", which keeps no run out');
    return read;
  },
);
