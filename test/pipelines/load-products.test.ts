import { describe, expect, test } from 'vitest';
import { loadProducts } from '../../lambdas/steps/connectors/load-products.ts';
import { productsCsv } from '../../pipelines/stand-ins/products-csv.ts';
import { CapturedStep } from '../connectors/captured-step.ts';

const load = async (text: string | null, config: object = { products: 'sources/products.csv' }) => {
  const step = Object.assign(new CapturedStep(), { config: config as Record<string, never> });
  if (text !== null) step.stored.set('sources/products.csv', Buffer.from(text));
  const count = await loadProducts(step, 'products');
  return { count, rows: step.rows('products') };
};

describe('products from a CSV file', () => {
  test('match the output of the stand-in', async () => {
    const products = [
      { product_id: 'p1', name: 'A, "B"\nC', stock_on_hand: 3 },
      { product_id: 'é', name: ' x ', stock_on_hand: 0 },
    ];
    expect(await load(productsCsv(products))).toEqual({
      count: 2,
      rows: [
        ['p1', 'A, "B"\nC', '3'],
        ['é', ' x ', '0'],
      ],
    });
  });

  test.each([
    [
      'a stock that is no number',
      'product_id,name,stock_on_hand\np1,A,1\np2,B,many\n',
      'products.csv:3: column "stock_on_hand"',
    ],
    [
      'a negative stock',
      'product_id,name,stock_on_hand\np1,A,-1\n',
      'products.csv:2: stock_on_hand must be 0 or more, not -1',
    ],
    [
      'no stock',
      'product_id,name,stock_on_hand\np1,A,\n',
      'products.csv:2: stock_on_hand must be 0 or more, not empty',
    ],
    ['a missing field', 'product_id,name,stock_on_hand\np1,A\n', 'products.csv:2: '],
    ['a product listed twice', 'product_id,name,stock_on_hand\np1,A,1\np1,B,2\n', 'products.csv:3: product "p1"'],
    ['no id', 'product_id,name,stock_on_hand\n,A,1\n', 'products.csv:2: product_id is empty'],
    ['a missing column', 'product_id,name\np1,A\n', 'products.csv:1: the header has no stock_on_hand'],
    ['an empty file', '', 'products.csv is empty'],
  ])('%s is an error that names the line', async (_, text, message) => {
    await expect(load(text)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining(message),
    });
  });

  test('a missing or unnamed catalogue fails the step permanently', async () => {
    await expect(load(null)).rejects.toMatchObject({
      name: 'PermanentError',
      message: expect.stringContaining('products.csv'),
    });
    await expect(load(null, {})).rejects.toMatchObject({
      name: 'PermanentError',
      message: expect.stringContaining('initialization.products'),
    });
  });
});
