import { isObject, type Json, type JsonObject } from '../../../../contract/json.ts';
import { nearestName } from '../../../../diagnostics/did-you-mean.ts';
import type { Range } from '../../tree/range.ts';
import type { Reading } from '../../tree/reading.ts';
import { quote } from '../../tree/tree.ts';
import { mayDeclareMore } from '../open-schema.ts';

/** Reports a path, at its place, that names a field which the input schema does not have. Where the schema leaves open what there is, anything may be named. */
export function checkInputField(
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
