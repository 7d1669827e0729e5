import { counted, countText, moneyText, rangeText } from '../../page/display.ts';
import { card, figureCards, madeUp, note } from '../../page/figure-cards.ts';
import { type Html, html } from '../../page/html.ts';
import { parseMoney, perUnit } from '../../quantities/money.ts';
import type { Insights } from '../insights/insights.ts';
import { segmentBar, trendChart, trendTable } from './charts.ts';
import { shareText } from './share-text.ts';
import { chargeTable, customerTable, kindTable, lowStockTable, productTable, segmentTable } from './tables.ts';

/** Rows of the low-stock table. The page counts the rest; dashboard.json has them. */
const lowStockShown = 12;

/** The history's revenue, customers, products, charges and stock. */
export function historySection(insights: Insights): Html {
  const { dashboard, currency } = insights;
  const { history, synthetic, top_customers, top_products } = dashboard;
  const invented = synthetic.includes('stock');
  const emails = synthetic.includes('emails') ? note(html`E-mail addresses:${madeUp(true)}`) : null;
  return html`<h2 class="part">The last ${counted(history.days, 'day')}</h2><p class="range">${rangeText(history)}</p>
${figureCards(figures(insights))}
${trendAndSegments(insights)}
${card('customers', 'Top customers', [emails, top_customers.length > 0 ? customerTable(top_customers, currency) : note('No known customer ordered in this time.')])}
${card('products', 'Top products', [top_products.length > 0 ? productTable(top_products, currency, invented) : note('No product was sold in this time.')])}
${charges(insights)}
${lowStock(insights, invented)}`;
}

const figures = ({ dashboard: { totals, segments }, currency }: Insights) => {
  const revenue = parseMoney(totals.revenue);
  const money = (amount: string): string => moneyText(amount, currency);
  const perOrder = totals.orders > 0 ? money(perUnit(revenue, totals.orders)) : '–';
  const perCustomer =
    totals.customers > 0 ? money(perUnit(parseMoney(totals.customer_revenue), totals.customers)) : '–';
  return [
    ['Revenue', money(totals.revenue), `${shareText(totals.customer_revenue, totals.revenue)} from known customers`],
    ['Orders', countText(totals.orders), `${countText(totals.orders_without_customer)} without a known customer`],
    ['Customers', countText(totals.customers), `${countText(segments[0]?.customers ?? 0)} of them VIP`],
    ['Average order', perOrder, `${perCustomer} per customer`],
  ] as const;
};

/** Side by side. A short history needs no chart: the last four weeks stand above. */
const trendAndSegments = ({ dashboard, trend, currency }: Insights): Html => {
  const segments = card('segments', 'Customer segments', [
    note('Shares of customer revenue'),
    segmentBar(dashboard.segments),
    segmentTable(dashboard.segments, currency),
  ]);
  if (trend.granularity === 'day') return segments;
  const course = card('trend', `Revenue per ${trend.granularity}`, [
    trendChart(trend, currency, { range: dashboard.history, marked: [] }),
    trendTable(trend, currency),
  ]);
  return html`<div class="grid-2">
${course}
${segments}
</div>`;
};

const charges = ({ dashboard: { shipping_and_fees, revenue_by_kind, totals }, currency }: Insights): Html =>
  card('charges', 'Products, shipping and fees', [
    note('Shipping and fees are codes on order lines that are no products: postage, carriage, manual entries, fees.'),
    kindTable(revenue_by_kind, totals.revenue, currency),
    shipping_and_fees.length > 0 ? chargeTable(shipping_and_fees, currency) : null,
  ]);

const lowStock = ({ dashboard: { low_stock }, low_stock_days, currency }: Insights, invented: boolean): Html => {
  const rest = low_stock.length - lowStockShown;
  const days = counted(low_stock_days, 'day');
  const content =
    low_stock.length === 0
      ? [note(`Every product that sells has stock for ${days} or more.`)]
      : [
          note(`${counted(low_stock.length, 'product')} with stock for less than ${days} at the pace of this time`),
          lowStockTable(low_stock.slice(0, lowStockShown), currency, invented),
          rest > 0 ? note(`and ${countText(rest)} more, all in dashboard.json`) : null,
        ];
  return card('stock', html`Low stock${madeUp(invented)}`, content);
};
