import { readFile } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';

/** Rows of a query. PostgreSQL's NUMERIC comes as text, so only `round` rounds. */
type Rows = Record<string, unknown>[];

/** The expected results of customer_analytics for a range. */
export interface Expected {
  readonly history: Record<string, unknown>;
  /** The day, the day before and the same weekday a week before; without days that have no order. */
  readonly days: Rows;
  readonly kinds: Record<string, unknown>;
  readonly dayKinds: Record<string, unknown>;
  readonly charges: Rows;
  readonly totals: Record<string, unknown>;
  readonly customers: Rows;
  readonly products: Rows;
  readonly segments: Rows;
}

/** The import rules for the file of order lines, written a second time, as SQL over the raw lines. */
const tables = `
  CREATE TABLE lines (id serial, invoice text, stock text, descr text, qty numeric, at timestamp, price numeric, cust text, country text);
  COPY lines (invoice, stock, descr, qty, at, price, cust, country) FROM '/dev/blob' (FORMAT csv, HEADER);
  CREATE VIEW sales AS SELECT * FROM lines WHERE invoice NOT LIKE 'C%' AND NOT (qty <= 0 OR price <= 0);
  CREATE TABLE purchases AS
    SELECT invoice, min(at) AS at, sum(qty * price) AS total, max(split_part(cust, '.', 1)) AS cust FROM sales GROUP BY invoice;
  CREATE TABLE people AS
    SELECT DISTINCT ON (cust) split_part(cust, '.', 1) AS cust, at, country FROM lines WHERE cust IS NOT NULL ORDER BY cust, at, id;
  CREATE TABLE goods AS
    SELECT s.stock,
      named.descr AS name,
      (SELECT sum(ascii(c)) * 7 % 200 FROM regexp_split_to_table(s.stock, '') AS c)::int AS on_hand
    FROM (SELECT DISTINCT stock FROM lines) s
    LEFT JOIN (SELECT DISTINCT ON (stock) stock, descr FROM lines WHERE btrim(descr) <> '' ORDER BY stock, at DESC, id DESC) named USING (stock);
  CREATE INDEX ON lines (invoice);`;

const ordersInRange = `o AS (SELECT p.*, k.cust AS known FROM purchases p LEFT JOIN people k USING (cust) WHERE p.at::date BETWEEN $1 AND $2)`;

/** Codes with four digits in a row, and the shop's few products without. */
const isProduct = `(stock ~ '[0-9]{4}' OR stock LIKE 'DCGS%' OR stock = 'PADS')`;

/** A short range is measured over 365 days, or since the first order in them. */
const historyOf = `
  SELECT CASE WHEN $2::date - $1::date + 1 >= 28 THEN $1::date
    ELSE coalesce((SELECT min(at)::date FROM purchases WHERE at::date BETWEEN $2::date - 364 AND $2::date), $2::date - 364) END::text AS start_date,
    $2::date::text AS end_date`;

const kinds = `
  SELECT round(coalesce(sum(qty * price) FILTER (WHERE ${isProduct}), 0), 2)::text AS products,
    round(coalesce(sum(qty * price) FILTER (WHERE NOT ${isProduct}), 0), 2)::text AS shipping_and_fees
  FROM sales JOIN o USING (invoice)`;

const perCustomer = `c AS (
  SELECT known, count(*)::int AS n, sum(total) AS spent, min(at::date) AS first, max(at::date) AS last FROM o WHERE known IS NOT NULL GROUP BY known),
m AS (
  SELECT c.*, CASE WHEN spent >= 1000 AND n >= 10 THEN 'VIP' WHEN spent >= 500 OR n >= 5 THEN 'Regular'
    WHEN spent >= 100 OR n >= 2 THEN 'Occasional' ELSE 'New' END AS segment FROM c)`;

/** An independent calculation of customer_analytics for files of order lines: PostgreSQL with NUMERIC, from the rules alone. */
export class ExpectedBySql {
  readonly #database: PGlite;

  private constructor(database: PGlite) {
    this.#database = database;
  }

  static async load(file: string): Promise<ExpectedBySql> {
    const database = await PGlite.create();
    for (const statement of tables.split(';').filter((text) => text.trim() !== '')) {
      const blob = statement.includes('/dev/blob') ? { blob: new Blob([await readFile(file)]) } : {};
      await database.query(statement, [], blob);
    }
    return new ExpectedBySql(database);
  }

  async of(start: string, end: string): Promise<Expected> {
    const between = async (sql: string, first: unknown, last: unknown): Promise<Rows> =>
      (await this.#database.query<Rows[number]>(sql, [first, last])).rows;
    const [history] = await between(historyOf, start, end);
    const rows = (sql: string): Promise<Rows> => between(sql, history?.start_date, end);
    const [totals] = await rows(`WITH ${ordersInRange}, ${perCustomer}
      SELECT count(*)::int AS orders, count(*) FILTER (WHERE known IS NULL)::int AS orders_without_customer,
        (SELECT count(*)::int FROM c) AS customers, coalesce(sum(total), 0)::numeric(18,2)::text AS revenue,
        coalesce((SELECT sum(spent) FROM c), 0)::numeric(18,2)::text AS customer_revenue FROM o`);
    const [all] = await rows(`WITH ${ordersInRange} ${kinds}`);
    const [own] = await between(`WITH ${ordersInRange} ${kinds}`, end, end);
    return {
      history: history ?? {},
      kinds: all ?? {},
      dayKinds: own ?? {},
      days: await between(
        `WITH ${ordersInRange}
        SELECT at::date::text AS day, count(*)::int AS orders, sum(total)::numeric(18,2)::text AS revenue,
          round(sum(total) / count(*), 2)::text AS average_order_value, count(DISTINCT known)::int AS customers,
          count(*) FILTER (WHERE known IS NULL)::int AS orders_without_customer
        FROM o WHERE at::date IN ($1::date, $2::date - 1, $2::date) GROUP BY 1 ORDER BY 1 DESC`,
        new Date(Date.parse(end) - 7 * 86_400_000).toISOString().slice(0, 10),
        end,
      ),
      charges: await rows(`WITH ${ordersInRange}
        SELECT stock AS code, coalesce(max(g.name), stock) AS name, sum(qty)::int AS units, sum(qty * price)::numeric(18,2)::text AS revenue,
          count(DISTINCT invoice)::int AS order_count
        FROM sales JOIN o USING (invoice) LEFT JOIN goods g USING (stock) WHERE NOT ${isProduct}
        GROUP BY stock ORDER BY sum(qty * price) DESC, stock COLLATE "C"`),
      totals: totals ?? {},
      customers: await rows(`WITH ${ordersInRange}, ${perCustomer}
        SELECT known AS customer_id, country, people.at::date::text AS acquisition_date, segment AS customer_segment, n AS total_orders,
          spent::numeric(18,2)::text AS total_lifetime_value, round(spent / n, 2)::text AS average_order_value,
          CASE WHEN n < 2 OR first = last THEN 0::float8 ELSE (n - 1) / ((last - first) / 30.0::float8) END AS order_frequency,
          $2::date - last AS days_since_last_order
        FROM m JOIN people ON people.cust = known ORDER BY known COLLATE "C"`),
      products: await rows(`WITH ${ordersInRange},
        i AS (SELECT s.* FROM sales s JOIN o USING (invoice)),
        g AS (SELECT stock, sum(qty) AS units, sum(qty * price) AS revenue, count(DISTINCT invoice)::int AS orders FROM i GROUP BY stock)
        SELECT stock AS product_id, coalesce(name, stock) AS name, coalesce(units, 0)::int AS units_sold, coalesce(revenue, 0)::numeric(18,2)::text AS revenue,
          coalesce(orders, 0) AS order_count, round(revenue / units, 2)::text AS average_price, on_hand AS stock_on_hand,
          on_hand / (units::float8 / ($2::date - $1::date + 1)) AS days_of_stock
        FROM goods LEFT JOIN g USING (stock) WHERE ${isProduct} ORDER BY stock COLLATE "C"`),
      segments: await rows(`WITH ${ordersInRange}, ${perCustomer}
        SELECT segment, count(*)::int AS customers, sum(spent)::numeric(18,2)::text AS revenue,
          round(sum(spent) / (SELECT sum(spent) FROM c), 4)::float8 AS share
        FROM m GROUP BY segment ORDER BY array_position(ARRAY['VIP', 'Regular', 'Occasional', 'New'], segment)`),
    };
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}
