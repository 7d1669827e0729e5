import type { Json } from '../../../lib/contract/json.ts';

/** A schema, the type that it has to have, and values that fit it or break it: by the words of JSON Schema, not by our own validator. */
export interface SchemaCase {
  readonly what: string;
  readonly schema: Json;
  readonly type: string;
  readonly fits: readonly Json[];
  /** Values that the type refuses as well. */
  readonly breaks?: readonly Json[];
}

/** The type of an input: defaults are filled in. */
export const schemaCases: readonly SchemaCase[] = [
  { what: 'a scalar', schema: { type: 'string', pattern: '^a' }, type: 'string', fits: ['a'], breaks: [1, null] },
  { what: 'an integer', schema: { type: 'integer', minimum: 1 }, type: 'number', fits: [1], breaks: ['1'] },
  {
    what: 'several types',
    schema: { type: ['string', 'null'] },
    type: 'string | null',
    fits: ['a', null],
    breaks: [1],
  },
  { what: 'a constant', schema: { const: 'x' }, type: "'x'", fits: ['x'], breaks: ['y'] },
  {
    what: 'an enumeration, held to the type beside it',
    schema: { type: ['string', 'integer'], enum: ["it's", 2, 2.5, null] },
    type: "'it\\'s' | 2",
    fits: ["it's", 2],
    breaks: [3, null],
  },
  {
    what: 'an object: what is required, optional, and filled in by its default',
    schema: {
      type: 'object',
      required: ['a'],
      properties: { a: true, b: { type: 'number' }, c: { default: 1, type: 'number' } },
    },
    type: '{ readonly a: unknown; readonly b?: number; readonly c: number; }',
    fits: [
      { a: 1, c: 2 },
      { a: null, b: 1, c: 1 },
    ],
    breaks: [{ c: 1 }, { a: 1, b: 'x', c: 1 }, { a: 1 }, []],
  },
  {
    what: 'a required property that is not described',
    schema: { type: 'object', required: ['a', 'odd name'], properties: { a: { type: 'string' } } },
    type: "{ readonly a: string; readonly 'odd name': unknown; }",
    fits: [{ a: 'x', 'odd name': 1 }],
    breaks: [{ a: 'x' }],
  },
  {
    what: 'a map',
    schema: { type: 'object', additionalProperties: { type: 'boolean' } },
    type: '{ readonly [name: string]: boolean; }',
    fits: [{}, { a: true }],
    breaks: [{ a: 1 }],
  },
  {
    what: 'a map beside properties, which a type cannot say exactly',
    schema: { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: { type: 'number' } },
    type: '{ readonly a?: string; readonly [name: string]: unknown; }',
    fits: [{ a: 'x', b: 1 }],
    breaks: [{ a: 1 }],
  },
  {
    what: 'an object without properties',
    schema: { type: 'object', additionalProperties: false },
    type: '{}',
    fits: [{}],
  },
  {
    what: 'a list',
    schema: { type: 'array', items: { type: ['integer', 'string'] }, minItems: 1 },
    type: 'readonly (number | string)[]',
    fits: [[1, 'a'], ['b']],
    breaks: [[true], {}],
  },
  {
    what: 'a tuple',
    schema: {
      type: 'array',
      prefixItems: [{ type: 'string' }, { type: 'number' }],
      items: { type: 'boolean' },
      minItems: 1,
    },
    type: 'readonly [string, number?, ...boolean[]]',
    fits: [['a'], ['a', 1, true]],
    breaks: [[], [1], ['a', 1, 'b']],
  },
  {
    what: 'a closed tuple',
    schema: { type: 'array', prefixItems: [{ type: 'string' }], items: false },
    type: 'readonly [string?]',
    fits: [[], ['a']],
    breaks: [['a', 'b']],
  },
  {
    what: 'alternatives, whose defaults are not filled in',
    schema: {
      type: 'object',
      anyOf: [
        { type: 'object', required: ['a'], properties: { a: { type: 'string' } } },
        { type: 'object', properties: { b: { type: 'number', default: 1 } } },
      ],
    },
    type: '{ readonly [name: string]: unknown; } & ({ readonly a: string; } | { readonly b?: number; })',
    fits: [{ a: 'x' }, { b: 1 }, {}],
    breaks: [{ b: 'x' }],
  },
  {
    what: 'alternatives of which one says nothing',
    schema: { type: 'string', oneOf: [{ minLength: 3 }, { const: 'x' }] },
    type: 'string',
    fits: ['x', 'abc'],
    breaks: [1],
  },
  {
    what: 'all of several',
    schema: {
      allOf: [
        { type: 'object', properties: { a: { type: 'string' } } },
        { type: 'object', required: ['b'] },
      ],
    },
    type: '{ readonly a?: string; } & { readonly b: unknown; }',
    fits: [{ a: 'x', b: 1 }],
    breaks: [{ a: 'x' }],
  },
  {
    what: 'a reference',
    schema: { $ref: '#/$defs/a~1b', $defs: { 'a/b': { type: 'string' } } },
    type: 'string',
    fits: ['x'],
    breaks: [1],
  },
  {
    what: 'a schema that contains itself',
    schema: {
      $ref: '#/$defs/node',
      $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' }, name: { type: 'string' } } } },
    },
    type: '{ readonly next?: unknown /* the schema contains itself */; readonly name?: string; }',
    fits: [{ next: { next: { name: 'y' } }, name: 'x' }],
    breaks: [{ name: 1 }],
  },
  {
    what: 'properties without a type: a text fits as well',
    schema: { properties: { a: { type: 'string' } } },
    type: 'unknown /* the schema has no "type" */',
    fits: ['text', { a: 'x' }, null],
  },
  { what: 'what types cannot express', schema: { not: { type: 'string' } }, type: 'unknown', fits: [1] },
  { what: 'nothing', schema: false, type: 'never', fits: [], breaks: [1] },
  {
    what: 'names that are no names in TypeScript',
    schema: {
      type: 'object',
      required: ['class', "it's", 'a\n\u2028"b"'],
      properties: { class: { type: 'string', description: 'ends */ here\nnot' } },
    },
    type: `{ /** ends * / here not */ readonly class: string; readonly 'it\\'s': unknown; readonly 'a\\n\\u2028"b"': unknown; }`,
    fits: [{ class: 'x', "it's": 1, 'a\n\u2028"b"': 2 }],
    breaks: [{ class: 1, "it's": 1, 'a\n\u2028"b"': 2 }],
  },
];
