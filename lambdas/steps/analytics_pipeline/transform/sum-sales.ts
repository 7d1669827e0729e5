import type { Order } from '../../connectors/read-orders.ts';
import { type DateRange, type Day, dayOf } from '../../quantities/days.ts';
import { centText, exactText, type Money, parseMoney, perUnit } from '../../quantities/money.ts';
import { type Granularity, periodOf, periodsIn } from '../../quantities/periods.ts';
import { textOrder } from '../../quantities/text-order.ts';
import type { SalesResult } from '../results.ts';

/** Orders and revenue of one period; periods without an order have a row as well. */
export type PeriodSales = { readonly period: Day; readonly orders: number; readonly revenue: string };

/** Columns of the `period_sales` dataset. */
export const periodSalesColumns = { period: 'DATE', orders: 'BIGINT', revenue: 'DECIMAL(18,4)' };

/** Units and revenue of one product that was sold. */
export type ProductSales = { readonly product_id: string; readonly units_sold: number; readonly revenue: string };

/** Columns of the `product_sales` dataset. */
export const productSalesColumns = { product_id: 'VARCHAR', units_sold: 'BIGINT', revenue: 'DECIMAL(18,4)' };

/** Sums over orders that pass by one batch at a time; keeps one sum per period and per product. */
export class SalesSums {
  readonly #granularity: Granularity;
  readonly #periods = new Map<Day, { orders: number; revenue: Money }>();
  readonly #products = new Map<string, { units: number; revenue: Money }>();
  #orders = 0;
  #revenue: Money = 0n;

  constructor(range: DateRange, granularity: Granularity) {
    this.#granularity = granularity;
    for (const period of periodsIn(range, granularity)) this.#periods.set(period, { orders: 0, revenue: 0n });
  }

  add(orders: readonly Order[]): void {
    for (const order of orders) {
      const amount = parseMoney(order.total_amount);
      this.#orders += 1;
      this.#revenue += amount;
      const name = periodOf(dayOf(order.order_date), this.#granularity);
      const period = this.#periods.get(name);
      if (period === undefined) throw new RangeError(`order ${order.order_id} lies outside the range`);
      period.orders += 1;
      period.revenue += amount;
      for (const { product_id, quantity, price } of order.items) {
        const product = this.#products.get(product_id) ?? { units: 0, revenue: 0n };
        product.units += quantity;
        product.revenue += BigInt(quantity) * parseMoney(price);
        this.#products.set(product_id, product);
      }
    }
  }

  *periods(): Generator<PeriodSales> {
    for (const [period, { orders, revenue }] of this.#periods) yield { period, orders, revenue: exactText(revenue) };
  }

  *products(): Generator<ProductSales> {
    for (const [product_id, { units, revenue }] of [...this.#products].sort(([a], [b]) => textOrder(a, b))) {
      yield { product_id, units_sold: units, revenue: exactText(revenue) };
    }
  }

  result(): SalesResult {
    let best: [Day, Money] | null = null;
    for (const [period, { orders, revenue }] of this.#periods) {
      if (orders > 0 && (best === null || revenue > best[1])) best = [period, revenue];
    }
    return {
      record_count: this.#orders,
      total_revenue: exactText(this.#revenue),
      average_order_value: this.#orders > 0 ? perUnit(this.#revenue, this.#orders) : null,
      granularity: this.#granularity,
      best_period: best && { period: best[0], revenue: centText(best[1]) },
    };
  }
}
