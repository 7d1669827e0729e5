import type { Json } from '../contract/json.ts';

/** Returns a copy of a JSON value whose objects have own properties only: `copy.constructor` is undefined unless the value has such a key. */
export function withoutPrototypes(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutPrototypes);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.create(null) as { [key: string]: Json };
  for (const [key, item] of Object.entries(value)) copy[key] = withoutPrototypes(item);
  return copy;
}

/** Adds to `value`, at any depth, the properties that only `filled` has. Otherwise both must have the same form. */
export function addMissing(value: Json, filled: Json): void {
  if (typeof value !== 'object' || value === null || typeof filled !== 'object' || filled === null) return;
  for (const [key, item] of Object.entries(filled)) {
    if (Object.hasOwn(value, key)) addMissing((value as { [key: string]: Json })[key] ?? null, item);
    else Object.defineProperty(value, key, { value: structuredClone(plain(item)), ...ordinary });
  }
}

const ordinary = { enumerable: true, writable: true, configurable: true };

/** Reverses `withoutPrototypes`: returns ordinary objects. */
function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
