import { type Sql, sql } from '../../../lib/connectors/sources.ts';

/** A table of the benchmark: how it is made, its query and its declared columns. */
export interface BenchmarkTable {
  readonly name: string;
  /** `$rows` is its number of rows. */
  readonly create: string;
  readonly query: Sql;
  readonly columns: Readonly<Record<string, string>>;
}

/** Ten columns of all kinds. */
const flat: BenchmarkTable = {
  name: 'flat',
  create: `
    CREATE UNLOGGED TABLE flat AS
    SELECT i::bigint AS id, (i::bigint * 7919 % 100003)::int AS customer_id, 'Customer name ' || (i % 5000) AS name,
           ((i % 100000) / 7.0)::numeric(18,4) AS total, timestamptz '2025-01-01' + i * interval '1 second' AS at, i % 2 = 0 AS flag,
           (i / 3.0)::float8 AS ratio, ('2020-01-01'::date + (i % 1000)::int) AS day,
           CASE WHEN i % 5 = 0 THEN NULL ELSE 'note ' || i END AS note, (i % 50)::int AS quantity
    FROM generate_series(1, $rows) i`,
  query: sql`SELECT id, customer_id, name, total, at, flag, ratio, day, note, quantity FROM flat`,
  columns: {
    id: 'BIGINT',
    customer_id: 'INTEGER',
    name: 'VARCHAR',
    total: 'DECIMAL(18,4)',
    at: 'TIMESTAMP',
    flag: 'BOOLEAN',
    ratio: 'DOUBLE',
    day: 'DATE',
    note: 'VARCHAR',
    quantity: 'INTEGER',
  },
};

/** Orders with 1 to 4 items each. */
const nested: BenchmarkTable = {
  name: 'orders with items',
  create: `
    CREATE UNLOGGED TABLE orders AS
    SELECT i::bigint AS order_id, (i::bigint * 7919 % 100003)::int AS customer_id, timestamptz '2025-01-01' + i * interval '1 second' AS order_date
    FROM generate_series(1, $rows) i;
    CREATE UNLOGGED TABLE items AS
    SELECT order_id, line, 'P' || (order_id * line % 50000) AS product_id, (line + order_id % 3)::int AS quantity, ((order_id % 10000) / 7.0)::numeric(18,4) AS price
    FROM orders, generate_series(1, 1 + (order_id % 4)::int) line;
    CREATE INDEX ON items (order_id)`,
  query: sql`
    SELECT o.order_id, o.customer_id, o.order_date, i.items
    FROM orders o JOIN (
      SELECT order_id, json_agg(json_build_object('product_id', product_id, 'quantity', quantity, 'price', price::text) ORDER BY line) AS items
      FROM items GROUP BY order_id) i USING (order_id)`,
  columns: {
    order_id: 'BIGINT',
    customer_id: 'INTEGER',
    order_date: 'TIMESTAMP',
    items: 'STRUCT(product_id VARCHAR, quantity BIGINT, price DECIMAL(18,4))[]',
  },
};

/** By the table argument of the process. */
export const benchmarkTables: Readonly<Record<string, BenchmarkTable>> = { flat, nested };
