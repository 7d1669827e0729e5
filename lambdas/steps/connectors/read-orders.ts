import { ValidationError } from 'daybreak';
import * as z from 'zod';
import type { DateRange } from '../quantities/days.ts';
import { exactText, parseMoney } from '../quantities/money.ts';
import { batchesOf, type Row, readSnapshot } from './database-snapshot.ts';

/** One order as the pipelines store it. `customer_id` is null for a guest. Amounts are exact decimal text. */
export type Order = {
  readonly order_id: string;
  readonly customer_id: string | null;
  /** ISO 8601 UTC with milliseconds. */
  readonly order_date: string;
  readonly total_amount: string;
  readonly items: readonly OrderItem[];
};

export type OrderItem = { readonly product_id: string; readonly quantity: number; readonly price: string };

/** Columns of an `orders` dataset. */
export const orderColumns = {
  order_id: 'VARCHAR',
  customer_id: 'VARCHAR',
  order_date: 'TIMESTAMP',
  total_amount: 'DECIMAL(18,4)',
  items: 'STRUCT(product_id VARCHAR, quantity BIGINT, price DECIMAL(18,4))[]',
};

/** Rows per FETCH: about 200 KB, so that the answer of one round trip stays small next to the function's memory. */
const batchSize = 1_000;

/** Half-open, so that an index on order_date serves it; the transaction's time zone is UTC. Sorted by bytes, so that equal data gives equal datasets on every server. */
const ordersOfRange = `
  SELECT o.order_id::text AS order_id,
         o.customer_id::text AS customer_id,
         to_char(o.order_date, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS order_date,
         o.total_amount::text AS total_amount,
         coalesce((
           SELECT json_agg(json_build_object('product_id', i.product_id::text, 'quantity', i.quantity, 'price', i.price::text) ORDER BY i.line_number)
           FROM order_items i WHERE i.order_id = o.order_id), '[]') AS items
  FROM orders o
  WHERE o.order_date >= $1::date AND o.order_date < $2::date + 1
    AND ($3::text IS NULL OR o.order_id COLLATE "C" > $3)
  ORDER BY o.order_id COLLATE "C"`;

const countOfRange =
  'SELECT count(*)::int AS orders FROM orders WHERE order_date >= $1::date AND order_date < $2::date + 1';

/** Some orders, how many the range has in all, and the last one's `order_id`. */
export type OrderBatch = { readonly orders: Order[]; readonly total: number; readonly last: string };

/** Which orders to read: those whose UTC day lies in the range, both ends included, and whose `order_id` comes after `after` if that is given. */
export type OrderSelection = { readonly range: DateRange; readonly after?: string | undefined };

/** Batches of orders by `order_id`. */
export const readOrders = (
  url: string,
  { range, after }: OrderSelection,
  signal: AbortSignal,
): AsyncGenerator<OrderBatch> =>
  readSnapshot(url, signal, async function* (snapshot) {
    const days = [range.start_date, range.end_date];
    const total = Number((await snapshot.query(countOfRange, days))[0]?.orders);
    for await (const rows of batchesOf(snapshot, ordersOfRange, [...days, after ?? null], batchSize)) {
      const orders = rows.map(orderOf);
      yield { orders, total, last: orders.at(-1)?.order_id ?? '' };
    }
  });

const money = z.string().transform((text, context) => {
  try {
    return exactText(parseMoney(text));
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

const orderRow = z.object({
  order_id: z.string().min(1),
  customer_id: z.string().nullable(),
  order_date: z.iso.datetime(),
  total_amount: money,
  items: z.array(z.object({ product_id: z.string().min(1), quantity: z.int(), price: money })),
});

const orderOf = (row: Row): Order => {
  const parsed = orderRow.safeParse(row);
  if (parsed.success) return parsed.data;
  const violations = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new ValidationError(`order ${JSON.stringify(row.order_id)} in the database is not as it should be`, violations);
};
