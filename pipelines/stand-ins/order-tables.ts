import type pg from 'pg';
import { insertRows as insert } from './insert-rows.ts';
import type { SourceData } from './source-data.ts';

const tables = `
  CREATE TABLE IF NOT EXISTS orders (
    order_id text PRIMARY KEY,
    customer_id text,
    order_date timestamptz NOT NULL,
    total_amount numeric(18,4) NOT NULL
  );
  CREATE INDEX IF NOT EXISTS orders_by_date ON orders (order_date);
  CREATE TABLE IF NOT EXISTS order_items (
    order_id text NOT NULL REFERENCES orders,
    line_number integer NOT NULL,
    product_id text NOT NULL,
    quantity bigint NOT NULL,
    price numeric(18,4) NOT NULL,
    PRIMARY KEY (order_id, line_number)
  );`;

/** Days of the first and the last order in the table `orders`; null if the table does not exist or is empty. */
export async function storedRange(client: pg.Client): Promise<SourceData['range'] | null> {
  const { rows: found } = await client.query<{ there: boolean }>("SELECT to_regclass('orders') IS NOT NULL AS there");
  if (found[0]?.there !== true) return null;
  const { rows } = await client.query<{ start_date: string | null; end_date: string | null }>(
    "SELECT min(order_date AT TIME ZONE 'UTC')::date::text AS start_date, max(order_date AT TIME ZONE 'UTC')::date::text AS end_date FROM orders",
  );
  const { start_date, end_date } = rows[0] ?? {};
  return start_date && end_date ? { start_date, end_date } : null;
}

/** The mark of `fillTables` that names its data; null if something else wrote these tables. */
export async function storedMark(client: pg.Client): Promise<string | null> {
  const { rows } = await client.query<{ mark: string | null }>(
    "SELECT obj_description(to_regclass('orders'), 'pg_class') AS mark",
  );
  return rows[0]?.mark ?? null;
}

/** Creates missing tables and writes all orders in one transaction. A mark on the table names the data. */
export async function fillTables(client: pg.Client, data: SourceData, mark: string): Promise<void> {
  const orders = data.orders;
  const items = orders.flatMap(({ order_id, items }) =>
    items.map((item, index) => ({ ...item, order_id, line: index + 1 })),
  );
  await client.query('BEGIN');
  await client.query(tables);
  await insert(client, 'orders', orders, [
    ['text', (order) => order.order_id],
    ['text', (order) => order.customer_id],
    ['timestamptz', (order) => order.order_date],
    ['numeric', (order) => order.total_amount],
  ]);
  await insert(client, 'order_items', items, [
    ['text', (item) => item.order_id],
    ['integer', (item) => item.line],
    ['text', (item) => item.product_id],
    ['bigint', (item) => item.quantity],
    ['numeric', (item) => item.price],
  ]);
  await client.query(`COMMENT ON TABLE orders IS '${mark.replaceAll("'", "''")}'`);
  await client.query('COMMIT');
  await client.query('ANALYZE orders, order_items');
}
