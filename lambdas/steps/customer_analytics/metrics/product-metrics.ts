import type { Order } from '../../connectors/read-orders.ts';
import type { Product } from '../../connectors/read-products.ts';
import { type DateRange, daysIn } from '../../quantities/days.ts';
import { exactText, type Money, parseMoney, perUnit } from '../../quantities/money.ts';
import { textOrder } from '../../quantities/text-order.ts';

/** One product of the catalogue, or one that was sold without being in it (name and stock are then null). Definitions: docs/customer-analytics.md. */
export type ProductMetrics = {
  readonly product_id: string;
  readonly name: string | null;
  readonly units_sold: number;
  readonly revenue: string;
  readonly order_count: number;
  /** Revenue per unit; null when nothing was sold. */
  readonly average_price: string | null;
  readonly stock_on_hand: number | null;
  /** How long the stock lasts at the range's pace; null when nothing was sold or the stock is not known. Not rounded. */
  readonly days_of_stock: number | null;
};

/** Columns of the `product_metrics` dataset. */
export const productMetricsColumns = {
  product_id: 'VARCHAR',
  name: 'VARCHAR',
  units_sold: 'BIGINT',
  revenue: 'DECIMAL(18,4)',
  order_count: 'BIGINT',
  average_price: 'DECIMAL(18,2)',
  stock_on_hand: 'BIGINT',
  days_of_stock: 'DOUBLE',
};

/** What the catalogue and its sales amount to. */
export type ProductTotals = {
  readonly products: number;
  readonly products_sold: number;
  /** Sold, but not in the catalogue. */
  readonly products_unknown: number;
  readonly units_sold: number;
  readonly revenue: string;
};

interface Sales {
  units: number;
  revenue: Money;
  orders: number;
}

/** Product metrics from orders that pass by one batch at a time: what it keeps is one product and one sum per product. */
export class ProductMetricsBuilder {
  readonly #days: number;
  readonly #products = new Map<string, Product>();
  readonly #sales = new Map<string, Sales>();

  constructor(range: DateRange) {
    this.#days = daysIn(range);
  }

  addProducts(products: readonly Product[]): void {
    for (const product of products) this.#products.set(product.product_id, product);
  }

  addOrders(orders: readonly Pick<Order, 'items'>[]): void {
    for (const { items } of orders) {
      // A product on two lines of one order is in one order.
      const counted = new Set<string>();
      for (const { product_id, quantity, price } of items) {
        const sales = this.#sales.get(product_id) ?? { units: 0, revenue: 0n, orders: 0 };
        sales.units += quantity;
        sales.revenue += BigInt(quantity) * parseMoney(price);
        if (!counted.has(product_id)) sales.orders += 1;
        counted.add(product_id);
        this.#sales.set(product_id, sales);
      }
    }
  }

  /** Rows in the order of their product_id. */
  *rows(): Generator<ProductMetrics> {
    const ids = new Set([...this.#products.keys(), ...this.#sales.keys()]);
    for (const id of [...ids].sort(textOrder)) yield this.#metricsOf(id);
  }

  totals(): ProductTotals {
    const sales = [...this.#sales.values()];
    return {
      products: this.#products.size,
      products_sold: sales.length,
      products_unknown: [...this.#sales.keys()].filter((id) => !this.#products.has(id)).length,
      units_sold: sales.reduce((sum, { units }) => sum + units, 0),
      revenue: exactText(sales.reduce((sum, { revenue }) => sum + revenue, 0n)),
    };
  }

  #metricsOf(id: string): ProductMetrics {
    const product = this.#products.get(id) ?? null;
    const { units, revenue, orders } = this.#sales.get(id) ?? { units: 0, revenue: 0n, orders: 0 };
    const stock = product?.stock_on_hand ?? null;
    return {
      product_id: id,
      name: product?.name ?? null,
      units_sold: units,
      revenue: exactText(revenue),
      order_count: orders,
      average_price: units > 0 ? perUnit(revenue, units) : null,
      stock_on_hand: stock,
      days_of_stock: units > 0 && stock !== null ? stock / (units / this.#days) : null,
    };
  }
}
