import { describe } from '../tree/tree.ts';
import { type KeyTable, key, type Reader, take, takes } from './key-table.ts';
import { readMapping } from './read-mapping.ts';
import { flag } from './read-value.ts';

/** A setting of profiles. */
export interface ProfileTemplate {
  readonly on: boolean;
  /** False: no profile quotes a text or a frequent value. */
  readonly topValues: boolean;
}

const topValues = key(
  'top_values',
  '`false`: the profile quotes no texts and no frequent values, for personal data (default: `true`)',
  flag,
);

/** Keys of `profile`. */
const profileKeys: KeyTable = { of: '"profile"', keys: [topValues] };

/** `true`, `false`, or a mapping, which turns profiles on. */
export const profile: Reader<ProfileTemplate> = takes(
  (of) => ({ anyOf: [{ type: 'boolean' }, of(profileKeys)] }),
  (value, reading, name) => {
    if (value.kind === 'scalar' && typeof value.value === 'boolean') return { on: value.value, topValues: true };
    if (value.kind === 'map') {
      const map = readMapping(value, profileKeys, reading);
      return map && { on: true, topValues: take(map, topValues, reading) ?? true };
    }
    const message = `"${name}" is true, false or a mapping like {top_values: false}, but this is ${describe(value)}`;
    reading.say('BAD_TYPE', value.range, message);
    return null;
  },
);
