import { describe, expect, test } from 'vitest';
import { type HttpTarget, sendBatches } from '../../../lib/connectors/sinks.ts';
import { ExactNumber } from '../../../lib/exact/exact-number.ts';
import { MemoryRun } from '../memory-step.ts';
import { serve } from '../web-server.ts';

type Row = Record<string, unknown>;

/** Sends rows, and returns the bodies that the API received. */
const sent = async (rows: Parameters<typeof sendBatches>[1], target: Partial<HttpTarget> = {}) => {
  const bodies: string[] = [];
  const { url } = await serve(async (_, request) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    bodies.push(text);
    return { status: 204 };
  });
  const outcome = await sendBatches(new MemoryRun().step(), rows, { url, ...target }).catch((error: Error) => error);
  return { bodies, outcome };
};

const once = (rows: readonly Row[]) =>
  (async function* () {
    for (const row of rows) yield row;
  })();

describe('values are sent exactly', () => {
  test.each<[string, unknown, string]>([
    ['an integer of any size', 12345678901234567890n, '12345678901234567890'],
    ['a number with more digits than a double holds', new ExactNumber('99999999999999.9901'), '99999999999999.9901'],
    ['a DECIMAL, which is a text', '99999999999999.9901', '"99999999999999.9901"'],
    ['a double', 0.1, '0.1'],
    ['minus zero', -0, '-0.0'],
    ['a moment', new Date('2026-01-31T12:00:00Z'), '"2026-01-31T12:00:00.000Z"'],
    ['null', null, 'null'],
    ['a struct with a list', { a: [1, { b: 'ü' }] }, '{"a":[1,{"b":"ü"}]}'],
  ])('%s', async (_, value, json) => {
    expect((await sent([{ value }])).bodies).toEqual([`[{"value":${json}}]`]);
  });
});

describe('a value that JSON has no form for is an error with row and column, before anything is sent', () => {
  const bad: readonly (readonly [string, unknown, RegExp])[] = [
    ['NaN', Number.NaN, /- row 7, value: NaN is not JSON/],
    ['infinity', Number.NEGATIVE_INFINITY, /- row 7, value: -Infinity is not JSON/],
    ['NaN in a struct', { a: [1, Number.NaN] }, /- row 7, value\.a\[1\]: NaN/],
    ['an invalid Date', new Date('x'), /- row 7, value: an invalid Date/],
    ['half of a character', '\ud800', /- row 7, value: .*lone surrogate/],
    ['a Map', new Map([[1, 2]]), /- row 7, value: a Map is not JSON/],
    ['bytes', new Uint8Array(2), /- row 7, value: a Uint8Array is not JSON/],
    ['undefined in a list', [undefined], /- row 7, value\[0\]: undefined is not JSON/],
  ];
  const rowsWith = (value: unknown): Row[] =>
    Array.from({ length: 8 }, (_, index) => ({ value: index === 6 ? value : 1 }));

  test.each(bad)('%s', async (_, value, message) => {
    for (const rows of [rowsWith(value), { [Symbol.asyncIterator]: () => once(rowsWith(value)) }]) {
      const { bodies, outcome } = await sent(rows, { batchSize: 2 });
      expect(outcome).toMatchObject({ name: 'ValidationError', message: expect.stringMatching(message) });
      expect(bodies).toEqual([]);
    }
  });

  test('in rows that can be read only once, before its own batch is sent', async () => {
    const { bodies, outcome } = await sent(once(rowsWith(Number.NaN)), { batchSize: 2 });
    expect(outcome).toMatchObject({ name: 'ValidationError' });
    expect(bodies).toHaveLength(3);
  });

  test('every such value is named', async () => {
    const { outcome } = await sent([{ a: Number.NaN }, { a: 1 }, { b: Number.POSITIVE_INFINITY }]);
    expect((outcome as Error).message).toMatch(/row 1, a: NaN.*\n- row 3, b: Infinity/);
  });

  test('unless the body leaves it out', async () => {
    const rows = [{ id: 1, average: Number.NaN }];
    const { bodies } = await sent(rows, { body: (batch) => batch.map(({ id }) => ({ id })) });
    expect(bodies).toEqual(['[{"id":1}]']);
  });

  test('also if only the body makes it', async () => {
    const { outcome, bodies } = await sent([{ id: 1 }], { body: (rows) => ({ share: 1 / (rows.length - 1) }) });
    expect((outcome as Error).message).toMatch(/the body of rows 1 to 1, \.share: Infinity is not JSON/);
    expect(bodies).toEqual([]);
  });
});

describe('columns are sent in the form that `as` names', () => {
  const row = {
    id: 9007199254740993n,
    amount: '99999999999999.9901',
    theme: '{"dark":true,"size":99999999999999.9901}',
    items: [
      { price: '1.10', name: 'a' },
      { price: null, name: 'b' },
    ],
    nothing: null,
  };

  test('numbers, texts and JSON, also in structs and lists', async () => {
    const { bodies } = await sent([row], {
      as: { id: 'text', amount: 'number', theme: 'json', 'items.price': 'number', nothing: 'json' },
    });
    expect(bodies).toEqual([
      '[{"id":"9007199254740993","amount":99999999999999.9901,"theme":{"dark":true,"size":99999999999999.9901},' +
        '"items":[{"price":1.10,"name":"a"},{"price":null,"name":"b"}],"nothing":null}]',
    ]);
  });

  test('a text of -0 keeps its sign', async () => {
    expect((await sent([{ a: -0 }], { as: { a: 'text' } })).bodies).toEqual(['[{"a":"-0"}]']);
  });

  test('the body gets them in that form', async () => {
    const { bodies } = await sent([row], { as: { amount: 'number' }, body: ([first]) => ({ is: first?.amount }) });
    expect(bodies).toEqual(['{"is":99999999999999.9901}']);
  });

  test.each<[string, HttpTarget['as'], RegExp]>([
    ['no number', { theme: 'number' }, /row 1, theme: "\{.*" is not a number/],
    ['no JSON', { amount: 'number', 'items.name': 'json' }, /row 1, items\.name: "a" is not JSON: line 1, column 1/],
    ['no number or text', { items: 'text' }, /row 1, items: .* is not a number or a text/],
    ['no column', { amout: 'number' }, /row 1, amout: there is no column or field "amout"/],
    ['no field', { 'items.prize': 'number' }, /row 1, items.prize: there is no column or field "prize"/],
  ])('%s is an error before anything is sent', async (_, as, message) => {
    const { bodies, outcome } = await sent([row], { as: as ?? {} });
    expect(outcome).toMatchObject({ name: 'ValidationError', message: expect.stringMatching(message) });
    expect(bodies).toEqual([]);
  });

  test('a form that does not exist is an error', async () => {
    const { outcome } = await sent([row], { as: { amount: 'decimal' as 'number' } });
    expect((outcome as Error).message).toMatch(/as: "decimal" is no form of "amount"/);
  });
});
