import type { SourceProduct } from './source-data.ts';

/** The catalogue as the CSV file that the pipelines read. */
export function productsCsv(products: readonly SourceProduct[]): string {
  const lines = products.map(
    ({ product_id, name, stock_on_hand }) => `${quoted(product_id)},${quoted(name)},${stock_on_hand}`,
  );
  return `${['product_id,name,stock_on_hand', ...lines].join('\n')}\n`;
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
