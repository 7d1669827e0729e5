import type { z } from 'zod';
import { DaybreakError } from '../contract/errors.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';

/** Settings that are not allowed. The message names every place, its value, what is allowed, and the likely fix. */
export class ConfigError extends DaybreakError {
  override readonly name = 'ConfigError';
  readonly code = 'CONFIG';
  readonly exitCode = 2;
}

/** Returns the settings if each key is known and each value allowed; otherwise throws a ConfigError that begins with `place`. */
export function parseSettings<T extends z.ZodType>(schema: T, value: unknown, place: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.flatMap((issue) => complaints(issue, schema, value));
  throw new ConfigError(lines.map((line) => `${place}: ${line}`).join('\n'));
}

type Issue = z.core.$ZodIssue;

const complaints = (issue: Issue, schema: z.ZodType, value: unknown): string[] => {
  const at = issue.path.map(String);
  const here = at.join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, at);
    return issue.keys.map((key) => {
      const place = here === '' ? '' : ` in "${here}"`;
      return `"${key}"${place} is not a key${didYouMean(key, known) || `; the keys are ${known.join(', ')}`}`;
    });
  }
  const given = valueAt(value, at);
  if (issue.code === 'invalid_key')
    return [`"${here}" is not a name: a letter, then up to 29 letters, digits, "_" or "-"`];
  const name = here === '' ? 'the configuration' : `"${here}"`;
  const expected = issue.code === 'invalid_type' ? `takes an object with keys` : issue.message;
  return [`${name} is ${shown(given)}, but it ${expected}`];
};

/** The keys that an object takes at this path. */
const keysAt = (schema: z.ZodType, path: readonly string[]): string[] => {
  const { def } = schema as unknown as { readonly def: Record<string, unknown> & { readonly type: string } };
  if (def.type === 'optional') return keysAt(def.innerType as z.ZodType, path);
  const [first, ...rest] = path;
  if (def.type === 'record') return keysAt(def.valueType as z.ZodType, rest);
  if (def.type !== 'object') return [];
  const shape = def.shape as Readonly<Record<string, z.ZodType>>;
  if (first === undefined) return Object.keys(shape);
  return shape[first] ? keysAt(shape[first], rest) : [];
};

const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (at as Readonly<Record<string, unknown>> | undefined)?.[key], value);

const shown = (value: unknown): string => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const name = value.constructor?.name ?? 'Object';
    if (name !== 'Object') return `an object of ${name}`;
  }
  const text = typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
};
