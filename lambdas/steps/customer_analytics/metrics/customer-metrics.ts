import type { Order } from '../../connectors/read-orders.ts';
import type { User } from '../../connectors/read-users.ts';
import { type DateRange, type Day, dayOf, daysBetween } from '../../quantities/days.ts';
import { exactText, type Money, parseMoney, perUnit } from '../../quantities/money.ts';
import { textOrder } from '../../quantities/text-order.ts';
import { type Segment, segmentOf } from './customer-segment.ts';

/** One known user with at least one order in the range. Definitions: docs/customer-analytics.md. */
export type CustomerMetrics = {
  readonly customer_id: string;
  readonly email: string;
  readonly country: string;
  readonly acquisition_date: Day;
  readonly customer_segment: Segment;
  readonly total_orders: number;
  readonly total_lifetime_value: string;
  readonly average_order_value: string;
  /** Further orders per 30 days between the first and the last order day; not rounded. */
  readonly order_frequency: number;
  readonly days_since_last_order: number;
};

/** Columns of the `customer_metrics` dataset. */
export const customerMetricsColumns = {
  customer_id: 'VARCHAR',
  email: 'VARCHAR',
  country: 'VARCHAR',
  acquisition_date: 'DATE',
  customer_segment: 'VARCHAR',
  total_orders: 'BIGINT',
  total_lifetime_value: 'DECIMAL(18,4)',
  average_order_value: 'DECIMAL(18,2)',
  order_frequency: 'DOUBLE',
  days_since_last_order: 'BIGINT',
};

/** What the range amounts to; every order counts in `orders` and `revenue`, those without a known user in `orders_without_customer` too. */
export type OrderTotals = {
  readonly orders: number;
  readonly orders_without_customer: number;
  readonly customers: number;
  readonly revenue: string;
  /** Of orders with a known user: the sum of all total_lifetime_value. */
  readonly customer_revenue: string;
};

/** Orders and revenue of one UTC day on which there was an order. */
export type DailyRevenue = { readonly day: Day; readonly orders: number; readonly revenue: string };

/** Columns of the `daily_revenue` dataset. */
export const dailyRevenueColumns = { day: 'DATE', orders: 'BIGINT', revenue: 'DECIMAL(18,4)' };

interface Account {
  readonly user: User;
  orders: number;
  spent: Money;
  first: Day;
  last: Day;
}

/**
 * Customer metrics from orders that pass by one batch at a time: what it keeps is one account per customer and one sum per day.
 * All users are added before the first order.
 */
export class CustomerMetricsBuilder {
  readonly #range: DateRange;
  readonly #users = new Map<string, User>();
  readonly #accounts = new Map<string, Account>();
  readonly #days = new Map<Day, { orders: number; revenue: Money }>();
  #orders = 0;
  #withoutCustomer = 0;
  #revenue: Money = 0n;
  #customerRevenue: Money = 0n;

  constructor(range: DateRange) {
    this.#range = range;
  }

  addUsers(users: readonly User[]): void {
    for (const user of users) this.#users.set(user.user_id, user);
  }

  addOrders(orders: readonly Pick<Order, 'customer_id' | 'order_date' | 'total_amount'>[]): void {
    for (const order of orders) {
      const amount = parseMoney(order.total_amount);
      const day = dayOf(order.order_date);
      this.#orders += 1;
      this.#revenue += amount;
      const daily = this.#days.get(day) ?? { orders: 0, revenue: 0n };
      this.#days.set(day, { orders: daily.orders + 1, revenue: daily.revenue + amount });
      const user = order.customer_id === null ? undefined : this.#users.get(order.customer_id);
      if (user === undefined) this.#withoutCustomer += 1;
      else this.#book(user, amount, day);
    }
  }

  /** Rows in the order of their customer_id. */
  *rows(): Generator<CustomerMetrics> {
    for (const id of [...this.#accounts.keys()].sort(textOrder)) {
      const account = this.#accounts.get(id);
      if (account !== undefined) yield metricsOf(account, this.#range);
    }
  }

  /** Rows in the order of their day. */
  *dailyRevenue(): Generator<DailyRevenue> {
    for (const [day, sums] of [...this.#days].sort(([a], [b]) => textOrder(a, b))) {
      yield { day, orders: sums.orders, revenue: exactText(sums.revenue) };
    }
  }

  totals(): OrderTotals {
    return {
      orders: this.#orders,
      orders_without_customer: this.#withoutCustomer,
      customers: this.#accounts.size,
      revenue: exactText(this.#revenue),
      customer_revenue: exactText(this.#customerRevenue),
    };
  }

  #book(user: User, amount: Money, day: Day): void {
    this.#customerRevenue += amount;
    const account = this.#accounts.get(user.user_id);
    if (account === undefined) {
      this.#accounts.set(user.user_id, { user, orders: 1, spent: amount, first: day, last: day });
      return;
    }
    account.orders += 1;
    account.spent += amount;
    if (day < account.first) account.first = day;
    if (day > account.last) account.last = day;
  }
}

const metricsOf = ({ user, orders, spent, first, last }: Account, range: DateRange): CustomerMetrics => ({
  customer_id: user.user_id,
  email: user.email,
  country: user.country,
  acquisition_date: dayOf(user.created_at),
  customer_segment: segmentOf(spent, orders),
  total_orders: orders,
  total_lifetime_value: exactText(spent),
  average_order_value: perUnit(spent, orders),
  order_frequency: orderFrequency(orders, daysBetween(first, last)),
  days_since_last_order: daysBetween(last, range.end_date),
});

/** (orders − 1) ÷ (days between the first and the last order day ÷ 30); 0 below two orders or when all are of one day. */
const orderFrequency = (orders: number, days: number): number =>
  orders < 2 || days === 0 ? 0 : (orders - 1) / (days / 30);
