import { counted, countText, moneyText, percentText } from '../../page/display.ts';
import { centText, type Money, parseMoney, ratio } from '../../quantities/money.ts';
import type { Synthetic } from '../../synthetic.ts';
import type { CustomerMetrics, OrderTotals, ProductMetrics } from '../metrics.ts';
import type { Recommendation } from './insights.ts';

/** Days without an order after which a VIP or Regular customer deserves a call: twice the 30 days of order_frequency. */
const quietDays = 60;
/** The share of the ten best customers from which the page reports a risk: a fifth of the customer revenue. */
const concentrated = 0.2;
/** The page ignores orders without a customer below this share. */
const unattributed = 0.05;

/** Sums over all customers and products, from which single recommendations are made. */
export class RecommendationFigures {
  readonly lowStockDays: number;
  quiet = { customers: 0, value: 0n as Money };
  oneOrder = 0;
  idle = { products: 0, units: 0 };
  productsSold = 0;

  constructor(lowStockDays: number) {
    this.lowStockDays = lowStockDays;
  }

  addCustomer(customer: CustomerMetrics): void {
    if (customer.total_orders === 1) this.oneOrder += 1;
    const good = customer.customer_segment === 'VIP' || customer.customer_segment === 'Regular';
    if (!good || customer.days_since_last_order <= quietDays) return;
    this.quiet.customers += 1;
    this.quiet.value += parseMoney(customer.total_lifetime_value);
  }

  addProduct(product: ProductMetrics): void {
    if (product.units_sold > 0) this.productsSold += 1;
    if (product.units_sold > 0 || !product.stock_on_hand) return;
    this.idle.products += 1;
    this.idle.units += product.stock_on_hand;
  }
}

interface Facts {
  readonly totals: OrderTotals;
  /** Days of the history. */
  readonly days: number;
  readonly topCustomers: readonly CustomerMetrics[];
  readonly lowStock: readonly ProductMetrics[];
  readonly currency: string;
  readonly synthetic: readonly Synthetic[];
}

type Advice = (figures: RecommendationFigures, facts: Facts) => Omit<Recommendation, 'synthetic'> | null;

const restock: Advice = ({ lowStockDays }, { lowStock, currency, days }) => {
  if (lowStock.length === 0) return null;
  const soldOut = lowStock.filter((product) => product.stock_on_hand === 0).length;
  const revenue = centText(sum(lowStock.map((product) => parseMoney(product.revenue))));
  const [best] = lowStock.toSorted((a, b) => Number(parseMoney(b.revenue) - parseMoney(a.revenue)));
  const gone = soldOut > 0 ? `; ${countText(soldOut)} sold out` : '';
  const most = best && `, most of all ${label(best)} (${countText(best.stock_on_hand ?? 0)} left)`;
  return {
    kind: 'restock',
    priority: 'high',
    title: `Reorder ${counted(lowStock.length, 'product')}`,
    detail: `At this pace they last less than ${counted(lowStockDays, 'day')}${gone}. They earned ${moneyText(revenue, currency)} in ${counted(days, 'day')}${most}.`,
    numbers: { products: lowStock.length, sold_out: soldOut, revenue },
  };
};

const winBack: Advice = ({ quiet }, { currency, days }) => {
  if (quiet.customers === 0) return null;
  const value = centText(quiet.value);
  return {
    kind: 'win_back',
    priority: 'high',
    title: `Win back ${counted(quiet.customers, 'good customer')}`,
    detail: `VIP and Regular customers who have not ordered for more than ${quietDays} days. They spent ${moneyText(value, currency)} in ${counted(days, 'day')}.`,
    numbers: { customers: quiet.customers, total_lifetime_value: value, quiet_days: quietDays },
  };
};

const concentration: Advice = (_figures, { totals, topCustomers }) => {
  const all = parseMoney(totals.customer_revenue);
  // With few customers, ten of them always make up a large share.
  if (all <= 0n || totals.customers < 10 * topCustomers.length) return null;
  const share = Number(ratio(sum(topCustomers.map((row) => parseMoney(row.total_lifetime_value))), all, 4));
  if (share < concentrated) return null;
  return {
    kind: 'concentration',
    priority: 'medium',
    title: `Look after the top ${countText(topCustomers.length)}`,
    detail: `${percentText(share)} of customer revenue comes from ${counted(topCustomers.length, 'customer')} of ${countText(totals.customers)}. Losing one would show.`,
    numbers: { customers: topCustomers.length, share },
  };
};

const secondOrder: Advice = ({ oneOrder }, { totals, days }) => {
  if (oneOrder === 0 || oneOrder === totals.customers) return null;
  const share = Number(ratio(BigInt(oneOrder), BigInt(totals.customers), 4));
  return {
    kind: 'second_order',
    priority: 'medium',
    title: `Earn a second order from ${counted(oneOrder, 'customer')}`,
    detail: `${percentText(share)} of the customers bought once in ${counted(days, 'day')}. A follow-up after the first order is the cheapest growth there is.`,
    numbers: { customers: oneOrder, share },
  };
};

const attribution: Advice = (_figures, { totals, currency }) => {
  if (totals.orders === 0) return null;
  const share = Number(ratio(BigInt(totals.orders_without_customer), BigInt(totals.orders), 4));
  if (share < unattributed) return null;
  const revenue = centText(parseMoney(totals.revenue) - parseMoney(totals.customer_revenue));
  return {
    kind: 'attribution',
    priority: 'low',
    title: `Find out who placed ${counted(totals.orders_without_customer, 'order')}`,
    detail: `${percentText(share)} of the orders, worth ${moneyText(revenue, currency)}, belong to no known customer and are missing from the customer figures.`,
    numbers: { orders: totals.orders_without_customer, share, revenue },
  };
};

const idleStock: Advice = ({ idle, productsSold }, { days }) => {
  if (idle.products === 0 || productsSold === 0) return null;
  return {
    kind: 'idle_stock',
    priority: 'low',
    title: `Review ${counted(idle.products, 'product')} that did not sell`,
    detail: `${counted(idle.units, 'unit')} lie in stock and none was sold in ${counted(days, 'day')}.`,
    numbers: { products: idle.products, units: idle.units },
  };
};

/** All possible recommendations, most urgent first. */
const advices: readonly Advice[] = [restock, winBack, concentration, secondOrder, attribution, idleStock];

/** The recommendations that the figures justify; possibly none. */
export function recommendationsFrom(figures: RecommendationFigures, facts: Facts): Recommendation[] {
  const { synthetic } = facts;
  const invented = (kind: Recommendation['kind']): boolean =>
    synthetic.includes('orders') || (onStock.has(kind) ? synthetic.includes('stock') : synthetic.includes('customers'));
  return advices
    .map((advise) => advise(figures, facts))
    .filter((advice) => advice !== null)
    .map((advice) => ({ ...advice, synthetic: invented(advice.kind) }));
}

/** Advice about stock; the rest is about customers. */
const onStock: ReadonlySet<string> = new Set(['restock', 'idle_stock']);

const sum = (amounts: readonly Money[]): Money => amounts.reduce((total, amount) => total + amount, 0n);

const label = (product: ProductMetrics): string => product.name?.trim() || product.product_id;
