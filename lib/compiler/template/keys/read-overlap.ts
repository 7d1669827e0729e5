import { isObject, type Json, type JsonObject } from '../../../contract/json.ts';
import { nearestName } from '../../../diagnostics/did-you-mean.ts';
import type { OverlapTemplate } from '../template.ts';
import type { Range } from '../tree/range.ts';
import type { Reading } from '../tree/reading.ts';
import { describe, quote } from '../tree/tree.ts';
import { type Key, type KeyTable, type Reader, take, takes } from './key-table.ts';
import { mayDeclareMore } from './open-schema.ts';
import { readMapping } from './read-mapping.ts';
import { oneOf } from './read-value.ts';

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

/** Reports a key of `overlap`, at its place, that names a field which the input schema does not have. Where the schema leaves open what there is, anything may be named. */
export function checkOverlapKey(
  key: string,
  { schema, at }: { readonly schema: JsonObject | null; readonly at: Range },
  reading: Reading,
): void {
  let inner: Json | undefined = schema ?? undefined;
  const passed: string[] = [];
  for (const name of key.split('.')) {
    const known = fieldsOf(inner);
    if (known === null) return;
    const path = (last: string) => quote([...passed, last].join('.'));
    if (!known.includes(name)) {
      const nearest = nearestName(name, known);
      const others = known.length > 0 ? `; there is ${known.map(path).join(', ')}` : '';
      const hint = nearest === null ? others : `; did you mean ${path(nearest)}?`;
      reading.say('UNKNOWN_FIELD', at, `"input_schema" has no field ${path(name)}${hint}`);
      return;
    }
    inner = isObject(inner) && isObject(inner.properties) ? inner.properties[name] : undefined;
    passed.push(name);
  }
}

/** The fields of a value with this schema; null when the schema does not say. */
const fieldsOf = (schema: Json | undefined): readonly string[] | null => {
  if (!isObject(schema) || mayDeclareMore.some((keyword) => Object.hasOwn(schema, keyword))) return null;
  if (isObject(schema.properties)) return Object.keys(schema.properties);
  return schema.type === undefined || [schema.type].flat().includes('object') ? null : [];
};
