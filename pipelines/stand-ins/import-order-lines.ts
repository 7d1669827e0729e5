import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { CsvError, parse } from 'csv-parse';
import { orderLineColumns, orderLineOf, type RawLine } from './order-line.ts';
import { OrderLineSums } from './order-line-sums.ts';
import { rangeOf, type SourceData } from './source-data.ts';

/** Counts of lines that no order contains. */
export interface ImportCounts {
  readonly lines: number;
  /** InvoiceNo begins with `C`. */
  readonly cancelled: number;
  /** Of the rest: Quantity or UnitPrice not above zero. */
  readonly rejected: number;
  /** Orders whose lines name different customers; the first named customer counts. */
  readonly disputed: number;
}

/** Reads orders, users and products from a CSV file of order lines. The first wrong line is an error that names file and line. */
export async function importOrderLines(
  file: string,
): Promise<{ readonly data: SourceData; readonly counts: ImportCounts }> {
  const sums = new OrderLineSums();
  for await (const { line, raw } of linesOf(file)) {
    const parsed = orderLineOf(raw);
    if (typeof parsed === 'string') throw new Error(`${file}:${line}: ${parsed}`);
    sums.add(parsed);
  }
  const { orders, users, products, counts } = sums.result();
  if (orders.length === 0) throw new Error(`${file} has no order: ${counts.lines} lines, none of them a sale`);
  return { data: { origin: basename(file), orders, users, products, range: rangeOf(orders) }, counts };
}

async function* linesOf(file: string): AsyncGenerator<{ readonly line: number; readonly raw: RawLine }> {
  let header = false;
  const parser = parse({
    bom: true,
    skip_empty_lines: true,
    info: true,
    columns: (names: string[]) => {
      header = true;
      const missing = orderLineColumns.filter((column) => !names.includes(column));
      if (missing.length > 0) throw new Error(`${file}:1: the header has no ${missing.join(', ')}`);
      return names;
    },
  });
  const source = createReadStream(file);
  // `pipe` does not forward errors.
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { info, record } of parser) yield { line: info.lines, raw: record };
    if (!header) throw new Error(`${file} is empty: not even a header`);
  } catch (error) {
    if (error instanceof CsvError) throw new Error(`${file}:${error.lines ?? '?'}: ${error.message}`, { cause: error });
    throw error;
  } finally {
    source.destroy();
  }
}
