/** The JSON Schema 2020-12 engine, configured once for the compiler and for runs. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { formatNames } from 'ajv-formats/dist/formats.js';
import type { Json } from '../contract/json.ts';
import { isMultipleOf } from './multiple-of.ts';
import { areDistinct, isSameJson } from './same-json.ts';

/** The formats that are checked; any other format would accept every value. */
export const knownFormats: readonly string[] = formatNames;

/** The pattern that a validator is applying, for the error if it takes too long. */
let running: { readonly pattern: string; readonly characters: number } | null = null;

/** Returns the last applied pattern and the length of its text. */
export function lastPattern() {
  return running;
}

/** Records each pattern before the engine applies it. `toString` shows the engine which patterns are equal. */
const watchedRegExp = Object.assign(
  (pattern: string, flags: string) => {
    const expression = new RegExp(pattern, flags);
    return {
      test: (text: string) => {
        running = { pattern, characters: text.length };
        return expression.test(text);
      },
      toString: () => String(expression),
    };
  },
  { code: 'new RegExp' },
);

/**
 * Makes a validator that reports every violation and fills in defaults. If the value's objects have no prototypes, names such as `constructor` are ordinary
 * property names. It is not strict: it ignores keywords of other tools, as JSON Schema demands. The compiler checks schemas more strictly, because it knows
 * their positions.
 */
export function schemaValidator(): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    useDefaults: true,
    ownProperties: true,
    strict: false,
    verbose: true,
    logger: false,
    addUsedSchema: false,
    code: { regExp: watchedRegExp as never, process: onlyOwnKeys },
  });
  formats.default(ajv);
  for (const { keyword, ...definition } of exactKeywords) {
    ajv.removeKeyword(keyword);
    ajv.addKeyword({ keyword, ...definition, errors: false });
  }
  return ajv;
}

/** The engine looks up evaluated properties in a plain object, where it would also find `constructor`. */
const onlyOwnKeys = (code: string): string => code.replaceAll(/\b(props\d+)\[(key\d+)\]\)/g, 'Object.hasOwn($1, $2))');

/** Keywords that the engine would apply to doubles and prototypes. These versions use decimals and own keys. */
const exactKeywords = [
  {
    keyword: 'multipleOf',
    type: 'number',
    schemaType: 'number',
    validate: (of: number, value: number) => isMultipleOf(value, of),
  },
  { keyword: 'const', validate: (schema: Json, value: Json) => isSameJson(schema, value) },
  {
    keyword: 'enum',
    schemaType: 'array',
    validate: (schema: Json[], value: Json) => schema.some((one) => isSameJson(one, value)),
  },
  {
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    validate: (wanted: boolean, value: Json[]) => !wanted || areDistinct(value),
  },
] as const;
