import { describe, expect, test } from 'vitest';
import { DatasetWriter } from '../../lib/data/write/dataset-writer.ts';
import { MemoryObjectStore } from '../../lib/ports/memory/memory-object-store.ts';
import { dataPorts, readAll } from './data-ports.ts';

const columns = {
  id: 'BIGINT',
  items: 'STRUCT(product_id VARCHAR, quantity BIGINT, price DECIMAL(18,4))[]',
  more: 'STRUCT(days DATE[], "a ""b""" DOUBLE)',
};

const field = (text: string | null): string => (text === null ? '' : `"${text.replaceAll('"', '""')}"`);

const written = async (...rows: readonly (readonly (string | null)[])[]) => {
  const ports = dataPorts(new MemoryObjectStore());
  const writer = new DatasetWriter(ports, { dataset: 'd', dataPrefix: 'run/', columns });
  await writer.appendCsv(Buffer.from(rows.map((row) => `${row.map(field).join(',')}\n`).join('')), rows.length);
  return readAll(ports, await writer.close());
};

const noMore = '{"days": [], "a \\"b\\"": 1.5}';

describe('lists and structs in CSV', () => {
  test('are JSON text; its numbers may be texts', async () => {
    const items = '[{"product_id" : "a, \\"b\\"", "quantity" : 3, "price" : "0.0625"}, null]';
    const rows = await written(
      ['1', items, '{"days": ["2026-01-31", null], "a \\"b\\"": "NaN"}'],
      ['2', '[]', null],
      ['3', null, noMore],
    );
    expect(rows).toEqual([
      {
        id: 1,
        items: [{ product_id: 'a, "b"', quantity: 3, price: '0.0625' }, null],
        more: { days: ['2026-01-31', null], 'a "b"': Number.NaN },
      },
      { id: 2, items: [], more: null },
      { id: 3, items: null, more: { days: [], 'a "b"': 1.5 } },
    ]);
  });

  const item = (text: string): string => `[{"product_id": "a", "quantity": 1, "price": "1"}, ${text}]`;
  test.each([
    ['a decimal that would be rounded', item('{"product_id": "b", "quantity": 1, "price": "1.23456"}')],
    ['an integer with a fraction', item('{"product_id": "b", "quantity": 1.5, "price": "1"}')],
    ['an integer that is too large', item('{"product_id": "b", "quantity": 99999999999999999999, "price": "1"}')],
    [
      'an integer beyond 2^53 that has a fraction',
      item('{"product_id": "b", "quantity": 9007199254740993.5, "price": "1"}'),
    ],
    ['an object instead of a list', '{"product_id": "b"}'],
    ['a number for a text', item('{"product_id": 12, "quantity": 1, "price": "1"}')],
    ['a number of many digits for a text', item('{"product_id": 12345678901234567, "quantity": 1, "price": "1"}')],
    ['a truth for a text', item('{"product_id": true, "quantity": 1, "price": "1"}')],
    ['an object for a text', item('{"product_id": {"x": []}, "quantity": 1, "price": "1"}')],
    ['a key that occurs twice', item('{"product_id": "a", "product_id": "b", "quantity": 1, "price": "1"}')],
    ['half of a surrogate pair', item('{"product_id": "\\ud800", "quantity": 1, "price": "1"}')],
    ['a NUL character', item('{"product_id": "\\u0000", "quantity": 1, "price": "1"}')],
    ['no JSON', '[{'],
  ])('%s is an error with row, column and value', async (_, items) => {
    await expect(written(['1', '[]', noMore], ['2', items, noMore])).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(/dataset "d", row 2 does not fit:[\s\S]*column "items": "/),
    });
  });

  test.each([
    ['a field that is missing', '{"product_id": "b", "price": 1}', 'at [1].quantity: it is missing'],
    [
      'another field',
      '{"product_id": "b", "quantity": 1, "price": 1, "x": 1}',
      'at [1]: it has the field "x", which is not declared',
    ],
    [
      'a number for a text',
      '{"product_id": 7, "quantity": 1, "price": 1}',
      'at [1].product_id: 7 does not fit VARCHAR: it is not a string',
    ],
    [
      'too many digits',
      '{"product_id": "b", "quantity": 1, "price": 0.123456789012345678}',
      'at [1].price: 0.123456789012345678 does not fit DECIMAL(18,4): it has more than 4 digits after the point',
    ],
  ])('%s is an error that says where', async (_, last, reason) => {
    await expect(written(['1', '[]', noMore], ['2', item(last), noMore])).rejects.toThrow(
      new RegExp(`dataset "d", row 2 does not fit:\\n- column "items": .* ${reason.replaceAll(/[[\]().]/g, '\\$&')}$`),
    );
  });

  test('no digit of a number is lost, and texts are unchanged', async () => {
    const price = (text: string, name = 'a'): string =>
      `[{"product_id": ${JSON.stringify(name)}, "quantity": 9007199254740993, "price": ${text}}]`;
    const names = ['12345678901234567890 "1,2": 3', '\u0001', '\\1', '-5]}', '\u0001number\u00011'.slice(1)];
    const rows = await written(
      ['1', price('99999999999999.9901', names[0]), '{"days": [], "a \\"b\\"": 0.10000000000000001}'],
      ['2', price('0.0001', names[1]), null],
      ['3', price('"12345678901234.5678"', names[2]), null],
      ['4', price('-12345678901234.5678', names[3]), null],
      ['5', price('100', names[4]), null],
    );
    const prices = ['99999999999999.9901', '0.0001', '12345678901234.5678', '-12345678901234.5678', '100.0000'];
    expect(rows.map(({ items }) => items)).toEqual(
      prices.map((one, index) => [{ product_id: names[index], quantity: 9007199254740993n, price: one }]),
    );
    expect(rows[0]?.more).toEqual({ days: [], 'a "b"': 0.1 });
  });
});
