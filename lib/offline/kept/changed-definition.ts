import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../contract/json.ts';

/** In what a definition differs from the one that an execution was started with; null when it is the same. */
export function changedDefinition(before: JsonObject, now: JsonObject): string | null {
  if (isDeepStrictEqual(asJson(before), asJson(now))) return null;
  const old = codesIn(before);
  const changed = [...codesIn(now)].filter(([step, code]) => old.has(step) && old.get(step) !== code);
  return changed.length > 0
    ? `the code of ${changed.map(([step]) => step).join(', ')} has changed`
    : 'the template, its environment (--env), or Daybreak has changed';
}

/** The digest of each step's code, from the payloads of its Task. */
function codesIn(value: Json, found = new Map<string, string>()): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null) return found;
  const { name, code } = value as JsonObject;
  if (typeof name === 'string' && typeof code === 'string') found.set(name, code);
  for (const inner of Object.values(value)) codesIn(inner, found);
  return found;
}

const asJson = (value: Json): Json => JSON.parse(JSON.stringify(value)) as Json;
