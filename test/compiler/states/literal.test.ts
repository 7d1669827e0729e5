import fc from 'fast-check';
import jsonata from 'jsonata';
import { describe, expect, test } from 'vitest';
import { literal } from '../../../lib/compiler/states/literal.ts';
import type { Json } from '../../../lib/contract/json.ts';

/** The value that Step Functions reads in a definition: it evaluates strings in `{% %}` and leaves everything else. */
async function evaluated(value: Json): Promise<Json> {
  if (typeof value === 'string') {
    if (!value.startsWith('{%') || !value.endsWith('%}')) return value;
    const result = await jsonata(value.slice(2, -2)).evaluate({});
    return plain(result);
  }
  if (Array.isArray(value)) return Promise.all(value.map(evaluated));
  if (value === null || typeof value !== 'object') return value;
  const entries = await Promise.all(
    Object.entries(value).map(async ([key, item]) => [key, await evaluated(item)] as const),
  );
  return Object.fromEntries(entries);
}

/** A copy of objects and arrays as they are. Not through JSON.parse: that of Node 24.21 at times reads the key `\\"` as a backslash, after many other objects. */
function plain(value: unknown): Json {
  if (Array.isArray(value)) return Array.from(value, plain);
  if (value === null || typeof value !== 'object') return value as Json;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

const hostile = fc.constantFrom(
  '${Wait}',
  '{% $run %}',
  '{%',
  '%}',
  ' {% 1 %} ',
  '$',
  '\\',
  '"',
  '\\"${x}',
  'a${b',
  '\u2028',
  'é😀',
);
const text = fc.oneof(
  hostile,
  fc.string(),
  fc.array(hostile, { maxLength: 3 }).map((parts) => parts.join('')),
);
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    text,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      text.filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 4 },
    ) as fc.Arbitrary<Json>,
  ),
}));

describe('literals', () => {
  test.each(['50 %}', '%}', 'a %}  ', '{% a', '  {% 1 %}', '{%%}'])(
    '%j arrives as it is: Step Functions refuses half an expression and evaluates a whole one',
    async (text) => {
      const emitted = literal(text);
      expect(emitted).toMatch(/^\{% "[^%{}$]*" %\}$/);
      expect(await evaluated(emitted)).toBe(text);
    },
  );

  test('any data arrives as it is, and nothing in it is evaluated or substituted', async () => {
    await fc.assert(
      fc.asyncProperty(value, async (data) => {
        const emitted = literal(data);
        expect(JSON.stringify(emitted)).not.toContain('${');
        expect(await evaluated(emitted)).toEqual(data);
      }),
      { numRuns: 500 },
    );
  });

  test('harmless data is not touched, so that a definition stays readable', () => {
    const data = { a: ['x', 1, null], b: { c: 'costs $5, 100 %' } };
    expect(literal(data)).toEqual(data);
  });
});
