import type { PublishTemplate } from '../../template.ts';
import type { Reading } from '../../tree/reading.ts';
import { describe, quote, type Tree } from '../../tree/tree.ts';
import { type Key, type KeyTable, type Reader, take, takes } from '../key-table.ts';
import { readMapping, requireKeys } from '../read-mapping.ts';
import { flag, wholeNumber } from '../read-value.ts';

const form = /^[^\s.]+\.[^\s.]+$/;

const names: Reader<PublishTemplate['datasets']> = takes(
  { type: 'array', items: { type: 'string', pattern: form.source }, minItems: 1 },
  (value, reading, key) => {
    if (value.kind !== 'list' || value.items.length === 0) {
      const what = value.kind === 'list' ? 'empty' : describe(value);
      reading.say('BAD_TYPE', value.range, `"${key}" is a list of datasets, like [join.revenue], but this is ${what}`);
      return null;
    }
    const read = value.items.map((item) => oneName(item, reading));
    return read.every((one) => one !== null) ? read : null;
  },
);

function oneName(value: Tree, reading: Reading): PublishTemplate['datasets'][number] | null {
  const text = value.kind === 'scalar' && typeof value.value === 'string' ? value.value : '';
  const [step = '', dataset = ''] = text.split('.');
  if (form.test(text)) return { step, dataset };
  const what = value.kind === 'scalar' ? quote(value.text) : describe(value);
  reading.say('BAD_VALUE', value.range, `a published dataset is ${what}; write step.dataset, like join.revenue`);
  return null;
}

const datasets = {
  name: 'datasets',
  means: 'their names, as `step.dataset`; all of them become visible together',
  required: true,
  read: names,
} satisfies Key;

const keep = {
  name: 'keep',
  means:
    'the number of versions before the current one that stay readable, for `rollback` too; 7 by default, 1 for each partition',
  read: wholeNumber(0, 1000),
} satisfies Key;

const breaking = {
  name: 'breaking',
  means: '`true`: the next version may break the schema of the one before',
  read: flag,
} satisfies Key;

/** Keys of `publish`. */
export const publishKeys: KeyTable = { of: '"publish"', keys: [datasets, keep, breaking] };

/** The datasets that become visible to readers outside the pipeline. */
export const publish: Reader<PublishTemplate> = takes(
  (of) => of(publishKeys),
  (value, reading) => {
    const map = readMapping(value, publishKeys, reading);
    if (map === null) return null;
    requireKeys(value, publishKeys, reading);
    return {
      datasets: take(map, datasets, reading) ?? [],
      keep: take(map, keep, reading),
      breaking: take(map, breaking, reading),
    };
  },
);
