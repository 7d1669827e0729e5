import { addDays, type Day } from '../../quantities/days.ts';
import { centText, type Money, parseMoney, perUnit, ratio } from '../../quantities/money.ts';
import { textOrder } from '../../quantities/text-order.ts';
import type { DaySale, RecentDay } from '../metrics.ts';
import { type RevenueByKind, revenueByKind } from './revenue-by-kind.ts';
import { TopList } from './top-list.ts';

/** One day's figures; money has two decimals. All are zero on a day without an order, and the average is then null. */
type DayFigures = {
  readonly day: Day;
  readonly orders: number;
  readonly revenue: string;
  readonly average_order_value: string | null;
  /** Users of the CRM with an order on this day. */
  readonly customers: number;
  readonly orders_without_customer: number;
};

/** The figures that are compared between days. */
export type ComparedFigure = 'revenue' | 'orders' | 'customers' | 'average_order_value';

/** Another day, and how far the reported day is from it. */
export type Comparison = DayFigures & {
  readonly with: 'day_before' | 'same_weekday';
  /** (the day − the other) ÷ the other, from exact values, half up to four decimals; null if the other is not above zero. */
  readonly change: Readonly<Record<ComparedFigure, number | null>>;
};

/** The reported day beside the day before and the same weekday a week before. */
export type DayReport = DayFigures & {
  readonly revenue_by_kind: RevenueByKind;
  /** The day before, then the same weekday. A day without an order has zeros. */
  readonly compared: readonly Comparison[];
  /** The five products with the greatest revenue on this day. */
  readonly top_products: readonly Omit<DaySale, 'is_product'>[];
};

const topSize = 5;

/** Puts the day's figures beside those of the two other days. `recent` has no row for a day without an order. */
export async function dayReport(
  day: Day,
  recent: AsyncIterable<readonly RecentDay[]>,
  sales: AsyncIterable<readonly DaySale[]>,
): Promise<DayReport> {
  const found = new Map<Day, RecentDay>();
  for await (const batch of recent) for (const row of batch) found.set(row.day, row);
  const on = (one: Day): RecentDay => found.get(one) ?? noOrders(one);

  let products: Money = 0n;
  let charges: Money = 0n;
  const top = new TopList<DaySale>(topSize, byRevenue);
  for await (const batch of sales) {
    for (const sale of batch) {
      if (sale.is_product) products += parseMoney(sale.revenue);
      else charges += parseMoney(sale.revenue);
      if (sale.is_product && sale.units > 0) top.add(sale);
    }
  }
  const own = on(day);
  return {
    ...figuresOf(own),
    revenue_by_kind: revenueByKind(own.revenue, exact(products), exact(charges)),
    compared: [compare(own, on(addDays(day, -1)), 'day_before'), compare(own, on(addDays(day, -7)), 'same_weekday')],
    top_products: top.items.map(({ is_product: _, ...sale }) => ({
      ...sale,
      revenue: centText(parseMoney(sale.revenue)),
    })),
  };
}

const noOrders = (day: Day): RecentDay => ({ day, orders: 0, revenue: '0', orders_without_customer: 0, customers: 0 });

const figuresOf = ({ day, orders, revenue, customers, orders_without_customer }: RecentDay): DayFigures => ({
  day,
  orders,
  revenue: centText(parseMoney(revenue)),
  average_order_value: orders > 0 ? perUnit(parseMoney(revenue), orders) : null,
  customers,
  orders_without_customer,
});

const compare = (own: RecentDay, other: RecentDay, kind: Comparison['with']): Comparison => {
  const [mine, theirs] = [parseMoney(own.revenue), parseMoney(other.revenue)];
  return {
    with: kind,
    ...figuresOf(other),
    change: {
      revenue: change(mine, theirs),
      orders: change(BigInt(own.orders), BigInt(other.orders)),
      customers: change(BigInt(own.customers), BigInt(other.customers)),
      // Cross-multiplied: an average is a fraction, and a rounded one would be compared with a rounded one.
      average_order_value: own.orders > 0 ? change(mine * BigInt(other.orders), theirs * BigInt(own.orders)) : null,
    },
  };
};

const change = (own: bigint, other: bigint): number | null =>
  other > 0n ? Number(ratio(own - other, other, 4)) : null;

const byRevenue = (a: DaySale, b: DaySale): number => {
  const difference = parseMoney(b.revenue) - parseMoney(a.revenue);
  return difference > 0n ? 1 : difference < 0n ? -1 : textOrder(a.code, b.code);
};

/** Decimal text of all four places. */
const exact = (money: Money): string => ratio(money, 10_000n, 4);
