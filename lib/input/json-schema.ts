/** JSON Schema 2020-12 in Daybreak: it fills in defaults, and each violation names its path, its value and the allowed values. */
import { createContext, Script } from 'node:vm';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import type { Json, JsonObject } from '../contract/json.ts';
import { describeViolation, pointerPart } from './describe-violation.ts';
import { addMissing, withoutPrototypes } from './own-properties.ts';
import { lastPattern, schemaValidator } from './schema-validator.ts';

const cache = new Map<string, ValidateFunction>();

/** The limit for one value: some patterns would keep a processor busy for years. Ordinary values take a few milliseconds. */
const longestMs = 5000;

/** Fills defaults into `value` (in place) and returns its violations; an empty list means that it fits. */
export function violationsOf(schema: Json, value: Json): string[] {
  return validate(compiled(schema), value);
}

function validate(validator: ValidateFunction, value: Json): string[] {
  const copy = withoutPrototypes(value);
  const fits = limited(() => validator(copy));
  if (fits === null) return [tooLong()];
  addMissing(value, copy);
  return fits ? [] : [...new Set((validator.errors ?? []).map(describeViolation))];
}

/** Returns the violations of a value against the part of a schema at `path`, with the definitions of the whole schema. */
export function violationsAt(schema: JsonObject, path: readonly (string | number)[], value: Json): string[] {
  const pointer = path.map((part) => `/${encodeURIComponent(pointerPart(String(part)))}`).join('');
  const id = typeof schema.$id === 'string' ? schema.$id : 'daybreak:schema';
  const whole = schemaValidator();
  whole.addSchema({ ...schema, $id: id });
  return validate(whole.compile({ $ref: `${id}#${pointer}` }), structuredClone(value));
}

function compiled(schema: Json): ValidateFunction {
  const key = JSON.stringify(schema);
  const known = cache.get(key);
  if (known) return known;
  const validate = schemaValidator().compile(schema as object);
  cache.set(key, validate);
  return validate;
}

const call = new Script('work()');
/** One context for all calls: making one takes milliseconds. */
const room: { work?: () => unknown } = createContext({});

/** Returns the answer, or null if it takes longer than the limit. Only `node:vm` can stop a running regular expression. */
function limited<T>(work: () => T): T | null {
  room.work = work;
  try {
    return call.runInContext(room, { timeout: longestMs }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return null;
    throw error;
  }
}

function tooLong(): string {
  const last = lastPattern();
  const where = last ? `: the pattern ${JSON.stringify(last.pattern)} is at work on ${last.characters} characters` : '';
  return `/: checking the value takes longer than ${longestMs / 1000} s${where}; write a pattern that cannot match one text in many ways`;
}
