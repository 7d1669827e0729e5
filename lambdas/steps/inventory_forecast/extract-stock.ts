import { defineStep, PermanentError } from 'daybreak';
import { byOffset, httpPages } from 'daybreak/sources';
import * as z from 'zod/mini';
import type { ForecastInput } from './input.ts';

/** Columns of the dataset `stock`. */
export const stockColumns = {
  product_id: 'VARCHAR',
  name: 'VARCHAR',
  stock_on_hand: 'BIGINT',
  on_order: 'BIGINT',
  lead_days: 'BIGINT',
  pack_size: 'BIGINT',
  unit_cost: 'DECIMAL(18,2)',
};

const count = z.int().check(z.nonnegative());
const page = z.object({
  items: z.array(
    z.object({
      product_id: z.string().check(z.minLength(1)),
      name: z.string(),
      stock_on_hand: count,
      on_order: count,
      lead_days: count,
      pack_size: count,
      unit_cost: z.string().check(z.regex(/^\d+\.\d\d$/)),
    }),
  ),
  total: count,
});

/** Products per page. */
const limit = 50;

/** Writes the dataset `stock`: every product of the warehouse at WAREHOUSE_URL. */
export const handler = defineStep<ForecastInput>(async (step) => {
  const base = process.env.WAREHOUSE_URL;
  if (base === undefined || !URL.canParse(base))
    throw new PermanentError('the variable WAREHOUSE_URL must be the address of the warehouse');
  const stock = step.writer('stock', { columns: stockColumns });
  const pages = httpPages(step, {
    url: `${base.replace(/\/$/, '')}/stock`,
    paging: byOffset<z.infer<typeof page>>({ limit }),
    schema: page,
    items: (body) => body.items,
    key: ({ product_id }) => product_id,
    token: () => step.secret('warehouse_token'),
  });
  for await (const { items } of pages) await stock.append(items);
  return { products: stock.rowCount };
});
