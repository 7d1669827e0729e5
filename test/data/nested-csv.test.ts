import { describe, expect, test } from 'vitest';
import { DatasetWriter } from '../../lib/data/write/dataset-writer.ts';
import { MemoryObjectStore } from '../../lib/ports/memory/memory-object-store.ts';
import { placeOf, readAll } from './data-place.ts';

const columns = {
  id: 'BIGINT',
  items: 'STRUCT(product_id VARCHAR, quantity BIGINT, price DECIMAL(18,4))[]',
  more: 'STRUCT(days DATE[], "a ""b""" DOUBLE)',
};

const field = (text: string | null): string => (text === null ? '' : `"${text.replaceAll('"', '""')}"`);

const written = async (...rows: readonly (readonly (string | null)[])[]) => {
  const place = placeOf(new MemoryObjectStore());
  const writer = new DatasetWriter(place, { dataset: 'd', dataPrefix: 'run/', columns });
  await writer.appendCsv(Buffer.from(rows.map((row) => `${row.map(field).join(',')}\n`).join('')), rows.length);
  return readAll(place, await writer.close());
};

const noMore = '{"days": [], "a \\"b\\"": 1.5}';

describe('lists and structs in CSV', () => {
  test('are JSON text, whose numbers may be texts', async () => {
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
    ['an object instead of a list', '{"product_id": "b"}'],
    ['no JSON', '[{'],
  ])('%s is an error with row, column and value', async (_, items) => {
    await expect(written(['1', '[]', noMore], ['2', items, noMore])).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(/dataset "d", row 2 does not fit:[\s\S]*column "items": "/),
    });
  });

  test('a field that is not there is an error, and no null', async () => {
    await expect(written(['1', item('{"product_id": "b"}'), noMore])).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining('"quantity"'),
    });
  });
});
