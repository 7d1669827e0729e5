import type { LineageSetting } from '../../../../contract/lineage/lineage-setting.ts';
import { safeAddress, secret } from '../alerts/read-destination.ts';
import { type Key, type KeyTable, type Reader, take, takes } from '../key-table.ts';
import { readMapping } from '../read-mapping.ts';
import { name } from '../read-value.ts';

const namespace = {
  name: 'namespace',
  means: 'of jobs and datasets in the events; `daybreak` by default',
  read: name('namespace', /^[^\s"'<>]+$/, 128, 'up to 128 characters without blanks, quotes or angle brackets'),
} satisfies Key;

const url = {
  name: 'url',
  means:
    'address that takes the events, such as `https://marquez.example.com/api/v1/lineage`; without it they are only kept in the store',
  read: safeAddress,
} satisfies Key;

const apiKey = {
  name: 'api_key',
  means: "location of the receiver's key, which goes as a bearer token",
  read: secret,
} satisfies Key;

/** Keys of `lineage`. */
export const lineageKeys: KeyTable = { of: '"lineage"', keys: [namespace, url, apiKey] };

/** OpenLineage events of each run. */
export const lineage: Reader<LineageSetting> = takes(
  (of) => of(lineageKeys),
  (value, reading) => {
    const map = readMapping(value, lineageKeys, reading);
    if (map === null) return null;
    const [to, key] = [take(map, url, reading), take(map, apiKey, reading)];
    if (key !== null && to === null)
      reading.say(
        'BAD_VALUE',
        value.range,
        '"lineage" has an "api_key" and no "url": name the address that takes the events',
      );
    return { namespace: take(map, namespace, reading) ?? 'daybreak', url: to, api_key: key };
  },
);
