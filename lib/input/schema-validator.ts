/** The JSON Schema 2020-12 engine, set up once for the compiler and for runs. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { formatNames } from 'ajv-formats/dist/formats.js';
import type { Json } from '../contract/json.ts';
import { isMultipleOf } from './multiple-of.ts';
import { areDistinct, isSameJson } from './same-json.ts';

/** Formats that are checked; any other would hold for every value. */
export const knownFormats: readonly string[] = formatNames;

/** The pattern that a validator applies now: what to name when it takes too long. */
let running: { readonly pattern: string; readonly characters: number } | null = null;

/** The last pattern that was applied, and the length of the text. */
export function lastPattern() {
  return running;
}

/** Notes each pattern before it is applied. `toString` tells the engine which patterns are equal. */
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
 * A validator that reports every violation and fills in defaults. Names such as `constructor` are property names like any others if the objects of the value have no prototypes.
 * Not strict: keywords of other tools are ignored, as JSON Schema demands. The compiler checks schemas more strictly, since it knows their places.
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

/** The engine looks up in a plain object which properties were evaluated, where it finds `constructor` too. */
const onlyOwnKeys = (code: string): string => code.replaceAll(/\b(props\d+)\[(key\d+)\]\)/g, 'Object.hasOwn($1, $2))');

/** Keywords that the engine applies to doubles and prototypes, applied to decimals and to own keys instead. */
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
