import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorOf } from '../../runtime/fixtures.ts';
import { columns, through } from './json-chain.ts';

const row = (values: Partial<Record<keyof typeof columns, string>>): string =>
  `{${Object.keys(columns).map((name) => `"${name}":${values[name as keyof typeof columns] ?? 'null'}`)}}`;

describe('JSON goes from API to API through datasets and SQL with the same text', () => {
  test.each<[string, readonly Partial<Record<keyof typeof columns, string>>[]]>([
    ['nulls', [{}]],
    [
      'integers at the ends of their types',
      [
        { id: '9223372036854775807', count: '2147483647' },
        { id: '-9223372036854775808', count: '-2147483648' },
        { id: '9007199254740993' },
        { id: '-9007199254740993' },
      ],
    ],
    [
      'decimals with more digits than a double holds',
      [
        { amount: '99999999999999.9901', large: '1234567890123456789012345678.0123456789' },
        { amount: '-99999999999999.9999', large: '-9999999999999999999999999999.9999999999' },
        { amount: '0.0001', large: '0.0000000001' },
        { amount: '12345678901234.5678', large: '0.0000000000' },
      ],
    ],
    [
      'doubles',
      [
        '0.1',
        '-0.0',
        '5e-324',
        '1.7976931348623157e+308',
        '123456789.12345679',
        '1e+21',
        '67186812080159370',
        '1152921504606847000',
      ].map((ratio) => ({ ratio })),
    ],
    [
      'texts',
      ['""', '"Müller €"', '"😀"', '"\\"\\\\\\n\\t"', '"null"', '"1.10"', '"\ufffd"', '"e\u0301"'].map((name) => ({
        name,
      })),
    ],
    [
      'days and moments',
      [
        { day: '"0001-01-01"', at: '"0001-01-01T00:00:00.000Z"' },
        { day: '"2024-02-29"', at: '"2026-01-31T23:59:59.999999Z"' },
        { day: '"9999-12-31"', at: '"9999-12-31T23:59:59.999Z"' },
      ],
    ],
    [
      'structs in lists',
      [
        { items: '[]' },
        {
          items:
            '[{"price":99999999999999.9901,"quantity":9007199254740993,"tags":["a",null,""]},{"price":null,"quantity":null,"tags":null}]',
        },
      ],
    ],
  ])('%s', async (_, rows) => {
    const text = rows.map(row).join(',');
    expect(await through(text)).toBe(text);
  });

  test('values drawn at random', async () => {
    const digits = (least: number, most: number) =>
      fc.stringMatching(new RegExp(`^\\d{${least},${most}}$`)).map((text) => text.replace(/^0+(?=\d)/, ''));
    const decimal = (before: number, scale: number) =>
      fc
        .tuple(fc.boolean(), digits(1, before), fc.stringMatching(new RegExp(`^\\d{${scale}}$`)))
        .map(([isNegative, whole, part]) => {
          const isZero = /^[0]*$/.test(whole + part);
          return `${isNegative && !isZero ? '-' : ''}${whole}.${part}`;
        });
    const text = fc
      .string({ unit: 'grapheme', maxLength: 8 })
      .filter((value) => !value.includes('\0'))
      .map((value) => JSON.stringify(value));
    const item = fc.record({
      price: decimal(14, 4),
      quantity: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(String),
      tags: fc.array(text, { maxLength: 2 }).map((tags) => `[${tags}]`),
    });
    const values = fc.record(
      {
        id: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(String),
        count: fc.integer().map(String),
        amount: decimal(14, 4),
        large: decimal(28, 10),
        // JavaScript and the exact writer differ only for minus zero.
        ratio: fc
          .double({ noNaN: true, noDefaultInfinity: true })
          .map((value) => (Object.is(value, -0) ? '-0.0' : String(value))),
        name: text,
        is_new: fc.boolean().map(String),
        items: fc
          .array(item, { maxLength: 2 })
          .map(
            (items) =>
              `[${items.map(({ price, quantity, tags }) => `{"price":${price},"quantity":${quantity},"tags":${tags}}`)}]`,
          ),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(values, { minLength: 1, maxLength: 7 }), async (rows) => {
        const text = rows.map((one) => row(one as Record<string, string>)).join(',');
        expect(await through(text)).toBe(text);
      }),
      { numRuns: 6 },
    );
  });
});

describe('a value that would change on the way is refused with row, column and value', () => {
  const good = row({ id: '1' });
  test.each<[string, string, RegExp]>([
    ['an integer beyond its column', row({ id: '9223372036854775808' }), /row 2.*\n?.*id.*9223372036854775808/s],
    ['a fraction in an integer', row({ count: '1.5' }), /row 2.*count.*1\.5/s],
    ['a digit too many behind the point', row({ amount: '1.00001' }), /row 2.*amount.*1\.00001/s],
    ['a number beyond all doubles', row({ ratio: '1e400' }), /"1e400" is too large/],
    ['an integer that no double is', row({ ratio: '9007199254740993' }), /row 2.*ratio.*9007199254740993/s],
    ['a number in a text', row({ name: '12' }), /row 2.*name.*12/s],
    ['an exact number in a text', row({ name: '99999999999999.9901' }), /row 2.*name.*99999999999999\.9901/s],
    ['a day that does not exist', row({ day: '"2026-02-30"' }), /row 2.*day.*2026-02-30/s],
    ['a moment without a zone', row({ at: '"2026-01-31T12:00:00"' }), /row 2.*at.*2026-01-31T12:00:00/s],
    [
      'a digit too many in a struct',
      row({ items: '[{"price":1.00001,"quantity":1,"tags":[]}]' }),
      /row 2.*price.*1\.00001/s,
    ],
    ['a field that is not declared', row({ items: '[{"prize":1}]' }), /row 2.*prize/s],
  ])('%s', async (_, bad, message) => {
    const error = await errorOf(through(`${good},${bad}`));
    expect(error.message).toMatch(message);
    expect(['ValidationError', 'PermanentError']).toContain(error.name);
  });
});
