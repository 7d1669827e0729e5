import { PermanentError, type Step } from 'daybreak';
import { loadFiles } from 'daybreak/sources';

/** Columns of a `products` dataset. */
export const productColumns = { product_id: 'VARCHAR', name: 'VARCHAR', stock_on_hand: 'BIGINT' };

/**
 * Writes the catalogue file that the step's `initialization.products` names, and returns the number of products. The first wrong line fails the step, and the
 * error names it.
 */
export async function loadProducts(
  step: Pick<Step, 'signal' | 'writer' | 'progress' | 'object' | 'objects' | 'config'>,
  dataset: string,
): Promise<number> {
  const files = step.config.products;
  if (typeof files !== 'string')
    throw new PermanentError('initialization.products must name the catalogue file in the store');
  const seen = new Set<string>();
  const { rows } = await loadFiles(step, {
    dataset,
    columns: productColumns,
    files,
    check({ product_id, stock_on_hand }) {
      if (!product_id) return 'product_id is empty';
      if (seen.has(product_id)) return `product ${JSON.stringify(product_id)} is listed a second time`;
      seen.add(product_id);
      return Number(stock_on_hand ?? -1) >= 0
        ? null
        : `stock_on_hand must be 0 or more, not ${stock_on_hand ?? 'empty'}`;
    },
  });
  return rows;
}
