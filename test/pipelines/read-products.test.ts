import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Product, readProducts } from '../../lambdas/steps/connectors/read-products.ts';
import { productsCsv } from '../../lib/stand-ins/products-csv.ts';

const read = async (text: string, chunk = 7): Promise<Product[]> => {
  const bytes = Buffer.from(text);
  async function* chunks() {
    for (let start = 0; start < bytes.length; start += chunk) yield bytes.subarray(start, start + chunk);
  }
  const products: Product[] = [];
  for await (const batch of readProducts(chunks(), 'products.csv')) products.push(...batch);
  return products;
};

describe('products from a CSV file', () => {
  test('are what was written, whatever the names hold', async () => {
    const product = fc.record({
      product_id: fc.string({ minLength: 1, unit: 'grapheme' }),
      name: fc.string({ unit: 'grapheme' }),
      stock_on_hand: fc.nat(),
    });
    const list = fc.uniqueArray(product, { selector: ({ product_id }) => product_id, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(list, async (products) => {
        expect(await read(productsCsv(products))).toEqual(products);
      }),
    );
  });

  test('may have a byte order mark, other columns, another order, and empty lines', async () => {
    const text = '\ufeffname,stock_on_hand,colour,product_id\r\n"A, B",3,red,p1\r\n\r\nC,0,,p2\r\n';
    expect(await read(text)).toEqual([
      { product_id: 'p1', name: 'A, B', stock_on_hand: 3 },
      { product_id: 'p2', name: 'C', stock_on_hand: 0 },
    ]);
  });

  test('come in batches of 1,000', async () => {
    const products = Array.from({ length: 2_001 }, (_, index) => ({
      product_id: `p${index}`,
      name: 'n',
      stock_on_hand: 1,
    }));
    const sizes: number[] = [];
    async function* whole() {
      yield Buffer.from(productsCsv(products));
    }
    for await (const batch of readProducts(whole(), 'products.csv')) sizes.push(batch.length);
    expect(sizes).toEqual([1_000, 1_000, 1]);
  });

  test.each([
    [
      'a stock that is no number',
      'product_id,name,stock_on_hand\np1,A,1\np2,B,many\n',
      'products.csv:3: stock_on_hand',
    ],
    ['a negative stock', 'product_id,name,stock_on_hand\np1,A,-1\n', 'products.csv:2: stock_on_hand'],
    ['a missing field', 'product_id,name,stock_on_hand\np1,A\n', 'products.csv:2: '],
    ['a product listed twice', 'product_id,name,stock_on_hand\np1,A,1\np1,B,2\n', 'products.csv:3: product "p1"'],
    ['no id', 'product_id,name,stock_on_hand\n,A,1\n', 'products.csv:2: product_id is empty'],
    ['a missing column', 'product_id,name\np1,A\n', 'products.csv:1: the header has no stock_on_hand'],
    ['an empty file', '', 'products.csv is empty'],
    ['an open quote', 'product_id,name,stock_on_hand\np1,"A,1\n', 'products.csv:'],
  ])('%s is an error that names the line', async (_, text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining(message),
    });
  });

  test('a file with a header alone has no products', async () => {
    expect(await read('product_id,name,stock_on_hand\n')).toEqual([]);
  });

  test('a store that breaks off is that error, not a bad line', async () => {
    async function* broken() {
      yield Buffer.from('product_id,name,stock_on_hand\np1,A,1\n');
      throw Object.assign(new Error('the store is gone'), { name: 'PlatformError' });
    }
    const reading = async () => {
      for await (const _ of readProducts(broken(), 'products.csv'));
    };
    await expect(reading()).rejects.toMatchObject({ name: 'PlatformError' });
  });
});
