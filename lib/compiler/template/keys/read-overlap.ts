import { nearestName } from '../../../diagnostics/did-you-mean.ts';
import type { Reading } from '../tree/reading.ts';
import { describe, get, type Mapping, quote, type Tree, toJson } from '../tree/tree.ts';
import type { KeyTable, ReadValue } from './key-table.ts';
import { mayDeclareMore } from './open-schema.ts';
import { readMapping } from './read-mapping.ts';
import { oneOf } from './read-value.ts';

const policy = oneOf(['skip', 'queue', 'allow']);

const fieldPath: ReadValue = (value, reading, key) => {
  const path = value.kind === 'scalar' && typeof value.value === 'string' ? value.value : '';
  if (!/^[^\s.]+(\.[^\s.]+)*$/.test(path)) {
    const what = value.kind === 'scalar' ? quote(value.text) : describe(value);
    const message = `"${key}" is ${what}; it has to be the path of an input field, like region or date_range.start_date`;
    reading.say('BAD_VALUE', value.range, message);
    return null;
  }
  if (path.split('.')[0] !== 'daybreak') return value;
  reading.say('BAD_VALUE', value.range, `"${key}" is ${quote(path)}, but "daybreak" is not part of the input`);
  return null;
};

/** Keys of `overlap`. */
export const overlapKeys: KeyTable = {
  of: '"overlap"',
  keys: [
    {
      name: 'policy',
      means: '`skip` (default): it does not run; `queue`: it runs when its turn comes; `allow`: it runs at once',
      read: policy,
    },
    {
      name: 'key',
      means: 'path of an input field, like `region`: only runs with the same value there keep each other out',
      read: fieldPath,
    },
  ],
};

/** What a start does while another run is going: a mapping, or the policy alone. */
export const overlap: ReadValue = (value, reading, key) => {
  if (value.kind === 'scalar') {
    const read = policy(value, reading, key);
    const entry = { written: key, key: value.range, value };
    return read && { kind: 'map', entries: new Map([['policy', { ...entry, value: read }]]), range: value.range };
  }
  const read = readMapping(value, overlapKeys, reading);
  const field = read?.entries.get('key');
  const chosen = get(read, 'policy');
  if (field && chosen?.kind === 'scalar' && chosen.value === 'allow')
    reading.say('BAD_VALUE', field.key, '"key" has no meaning with the policy "allow", which keeps no run out');
  return read;
};

/** Reports a key of `overlap` that names a field which the input schema does not have. Where the schema leaves open what there is, anything may be named. */
export function checkOverlapKey(pipeline: Mapping, reading: Reading): void {
  const key = get(get(pipeline, 'overlap'), 'key');
  if (key?.kind !== 'scalar') return;
  let schema = get(pipeline, 'input_schema');
  const passed: string[] = [];
  for (const field of String(key.value).split('.')) {
    const known = fieldsOf(schema);
    if (known === null) return;
    if (!known.includes(field)) {
      const path = (last: string) => quote([...passed, last].join('.'));
      const nearest = nearestName(field, known);
      const others = known.length > 0 ? `; there is ${known.map(path).join(', ')}` : '';
      const hint = nearest === null ? others : `; did you mean ${path(nearest)}?`;
      reading.say('UNKNOWN_FIELD', key.range, `"input_schema" has no field ${path(field)}${hint}`);
      return;
    }
    schema = get(get(schema, 'properties'), field);
    passed.push(field);
  }
}

/** The fields of a value with this schema; null when the schema does not say. */
const fieldsOf = (schema: Tree | null): readonly string[] | null => {
  if (schema?.kind !== 'map' || mayDeclareMore.some((keyword) => schema.entries.has(keyword))) return null;
  const properties = get(schema, 'properties');
  if (properties?.kind === 'map') return [...properties.entries.keys()];
  const type = get(schema, 'type');
  return type === null || [toJson(type)].flat().includes('object') ? null : [];
};
