import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { ValidationError } from 'daybreak';

/** One product as the catalogue file lists it. */
export type Product = { readonly product_id: string; readonly name: string; readonly stock_on_hand: number };

/** Columns of a `products` dataset. */
export const productColumns = { product_id: 'VARCHAR', name: 'VARCHAR', stock_on_hand: 'BIGINT' };

const wholeNumber = /^\d{1,15}$/;
const batchSize = 1_000;

/**
 * Batches of the products in a CSV file with the columns product_id, name and stock_on_hand (more columns do no harm), in the file's order.
 * The first line that is not right, or that repeats a product, is a ValidationError that names the line.
 */
export async function* readProducts(csv: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Product[]> {
  const seen = new Set<string>();
  let batch: Product[] = [];
  for await (const { line, record } of linesOf(csv, file)) {
    const { product_id = '', name = '', stock_on_hand = '' } = record;
    const wrong = (what: string) => new ValidationError(`${file}:${line}: ${what}`);
    if (product_id === '') throw wrong('product_id is empty');
    if (seen.has(product_id)) throw wrong(`product ${JSON.stringify(product_id)} is listed a second time`);
    if (!wholeNumber.test(stock_on_hand)) {
      throw wrong(`stock_on_hand must be a whole number, 0 or more, not ${JSON.stringify(stock_on_hand)}`);
    }
    seen.add(product_id);
    batch.push({ product_id, name, stock_on_hand: Number(stock_on_hand) });
    if (batch.length === batchSize) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

interface CsvLine {
  readonly line: number;
  readonly record: Readonly<Record<string, string>>;
}

async function* linesOf(csv: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<CsvLine> {
  let header = false;
  const parser = parse({
    bom: true,
    skip_empty_lines: true,
    info: true,
    columns: (names: string[]) => {
      header = true;
      const missing = Object.keys(productColumns).filter((column) => !names.includes(column));
      if (missing.length > 0) throw new ValidationError(`${file}:1: the header has no ${missing.join(', ')}`);
      return names;
    },
  });
  const source = Readable.from(csv);
  // `pipe` does not pass errors on: a source that breaks has to break the parser.
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { info, record } of parser) {
      yield { line: info.lines, record };
    }
    if (!header) throw new ValidationError(`${file} is empty: not even a header`);
  } catch (error) {
    throw error instanceof CsvError ? new ValidationError(`${file}:${error.lines ?? '?'}: ${error.message}`) : error;
  } finally {
    source.destroy();
  }
}
