import type { Json } from '../contract/json.ts';

/** True if two JSON values are equal in JSON Schema's sense: keys in any order, and only own keys count. */
export function isSameJson(a: Json, b: Json): boolean {
  return canonical(a) === canonical(b);
}

/** True if no two values of a list are equal. */
export function areDistinct(values: readonly Json[]): boolean {
  return new Set(values.map(canonical)).size === values.length;
}

/** Returns the same text for all equal values. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`);
  return `{${entries.join(',')}}`;
}
