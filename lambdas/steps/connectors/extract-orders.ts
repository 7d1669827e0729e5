import { type Step, ValidationError } from 'daybreak';
import { type PostgresSnapshot, readPostgres, sql } from 'daybreak/sources';
import type { DateRange, Day } from '../quantities/days.ts';
import { databaseUrl } from './database-url.ts';

/** The content of a dataset of orders. */
export interface ExtractedOrders {
  readonly orders: number;
  /** UTC day of the earliest order; null without orders. */
  readonly first_day: Day | null;
}

/** Columns of an `orders` dataset. `customer_id` is null for a guest. */
export const orderColumns = {
  order_id: 'VARCHAR',
  customer_id: 'VARCHAR',
  order_date: 'TIMESTAMP',
  total_amount: 'DECIMAL(18,4)',
  items: 'STRUCT(product_id VARCHAR, quantity BIGINT, price DECIMAL(18,4))[]',
};

/**
 * Writes one dataset per range, all from one state of the database: every order on a UTC day of the range, by `order_id`. Returns what each dataset holds.
 * A long step continues after the last written order.
 */
export async function extractOrders<Dataset extends string>(
  step: Pick<Step, 'signal' | 'writer' | 'progress' | 'checkpoint' | 'yieldIfDue' | 'secret'>,
  ranges: Readonly<Record<Dataset, DateRange>>,
): Promise<Record<Dataset, ExtractedOrders>> {
  return readPostgres(step, { url: await databaseUrl(step) }, async (database) => {
    const extracted: Partial<Record<Dataset, ExtractedOrders>> = {};
    for (const dataset of Object.keys(ranges) as Dataset[])
      extracted[dataset] = await extract(database, dataset, ranges[dataset]);
    return extracted as Record<Dataset, ExtractedOrders>;
  });
}

const extract = async (database: PostgresSnapshot, dataset: string, range: DateRange): Promise<ExtractedOrders> => {
  // Half-open, so that PostgreSQL can use an index on order_date. The transaction's time zone is UTC.
  const inRange = sql`o.order_date >= ${range.start_date}::date AND o.order_date < ${range.end_date}::date + 1`;
  const [found] = await database.rows<{ orders: number; first_day: string | null; wrong: string | null }>(sql`
    SELECT count(*)::int AS orders,
           min(o.order_date::timestamptz)::date::text AS first_day,
           min(o.order_id::text) FILTER (WHERE o.total_amount IS NULL OR o.total_amount <> round(o.total_amount, 4)) AS wrong
    FROM orders o WHERE ${inRange}`);
  // Checked here because the cast below would round.
  if (found?.wrong) {
    throw new ValidationError(
      `order ${JSON.stringify(found.wrong)} in the database has a total_amount of more than four decimals, or none`,
    );
  }
  const orders = await database.extract({
    dataset,
    columns: orderColumns,
    key: 'order_id',
    total: found?.orders ?? null,
    // Ordered by bytes, so that equal data gives equal datasets on every server. Cast to text because a JSON number would become a double.
    query: sql`
      SELECT o.order_id::text COLLATE "C" AS order_id,
             o.customer_id::text AS customer_id,
             date_trunc('milliseconds', o.order_date::timestamptz) AS order_date,
             o.total_amount::numeric(18,4) AS total_amount,
             coalesce((
               SELECT json_agg(json_build_object('product_id', i.product_id::text, 'quantity', i.quantity, 'price', trim_scale(i.price::numeric)::text) ORDER BY i.line_number)
               FROM order_items i WHERE i.order_id = o.order_id), '[]') AS items
      FROM orders o WHERE ${inRange}`,
  });
  return { orders, first_day: found?.first_day ?? null };
};
