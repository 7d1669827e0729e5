import type { DateRange } from '../../quantities/days.ts';
import { parseMoney, perUnit, ratio } from '../../quantities/money.ts';
import { counted, countText, dayText, moneyText, percentText, rangeText } from '../insights/display.ts';
import type { Insights, Recommendation } from '../insights/insights.ts';
import { segmentBar, trendChart, trendTable } from './charts.ts';
import { foreign, type Html, html } from './html.ts';
import { contentSecurityPolicy, style } from './style.ts';
import { customerTable, lowStockTable, productTable, segmentTable } from './tables.ts';

/** The run that a page shows. */
export interface PageOrigin {
  readonly pipeline: string;
  readonly run_id: string;
  /** Start of the execution that made the page; ISO 8601 UTC. */
  readonly started_at: string;
  readonly range: DateRange;
}

/** Rows of the low-stock table. The page counts the rest; dashboard.json has them. */
const lowStockShown = 12;

/** `dashboard.html`: one file that loads nothing from the network, runs no script, and treats every name in it as hostile. */
export function dashboardPage(insights: Insights, origin: PageOrigin): string {
  const { dashboard, currency } = insights;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Customer analytics, ${rangeText(origin.range)}</title>
${style}
</head>
<body>
<header>
<h1>Customer analytics</h1>
<p class="range">${rangeText(origin.range)}</p>
</header>
<main>
${figures(insights)}
<section class="card" aria-labelledby="advice"><h2 id="advice">What to do</h2>${advice(dashboard.recommendations)}</section>
${revenueAndSegments(insights, origin)}
<section class="card" aria-labelledby="customers"><h2 id="customers">Top customers</h2>${dashboard.top_customers.length > 0 ? customerTable(dashboard.top_customers, currency) : nothing('No known customer ordered in this range.')}</section>
<section class="card" aria-labelledby="products"><h2 id="products">Top products</h2>${dashboard.top_products.length > 0 ? productTable(dashboard.top_products, currency) : nothing('Nothing was sold in this range.')}</section>
${lowStock(insights)}
</main>
${footer(origin)}
</body>
</html>
`.markup;
}

/** Side by side. A single period gets no chart: its number already stands above. */
const revenueAndSegments = ({ dashboard, trend, currency }: Insights, { range }: PageOrigin): Html => {
  const segments = html`<section class="card" aria-labelledby="segments"><h2 id="segments">Customer segments</h2><p class="note">Shares of customer revenue</p>${segmentBar(dashboard.segments)}${segmentTable(dashboard.segments, currency)}</section>`;
  if (trend.periods.length < 2) return segments;
  return html`<div class="grid-2">
<section class="card" aria-labelledby="trend"><h2 id="trend">Revenue per ${trend.granularity}</h2>${trendChart(trend, currency, range)}${trendTable(trend, currency)}</section>
${segments}
</div>`;
};

const figures = ({ dashboard: { totals, segments }, currency }: Insights): Html => {
  const revenue = parseMoney(totals.revenue);
  const known = revenue > 0n ? percentText(Number(ratio(parseMoney(totals.customer_revenue), revenue, 4))) : null;
  const vip = segments[0]?.customers ?? 0;
  const average = totals.orders > 0 ? moneyText(perUnit(revenue, totals.orders), currency) : '–';
  const perCustomer =
    totals.customers > 0 ? moneyText(perUnit(parseMoney(totals.customer_revenue), totals.customers), currency) : '–';
  const cards = [
    [
      'Revenue',
      moneyText(totals.revenue, currency),
      known === null ? 'No revenue in this range' : `${known} from known customers`,
    ],
    ['Orders', countText(totals.orders), `${countText(totals.orders_without_customer)} without a known customer`],
    ['Customers', countText(totals.customers), `${countText(vip)} of them VIP`],
    ['Average order', average, `${perCustomer} per customer`],
  ] as const;
  return html`<dl class="figures">${cards.map(([name, value, note]) => html`<div><dt>${name}</dt><dd class="value">${value}</dd><dd class="note">${note}</dd></div>`)}</dl>`;
};

const priorities = { high: 'Do first', medium: 'Worth doing', low: 'When there is time' } as const;

const advice = (recommendations: readonly Recommendation[]): Html => {
  if (recommendations.length === 0) return nothing('Nothing in these numbers calls for action.');
  const items = recommendations.map(
    ({ priority, title, detail }) =>
      html`<li class="${priority}"><p class="priority">${priorities[priority]}</p><h3>${title}</h3><p>${foreign(detail)}</p></li>`,
  );
  return html`<ul class="advice">${items}</ul>`;
};

const lowStock = ({ dashboard: { low_stock }, low_stock_days, currency }: Insights): Html => {
  const rest = low_stock.length - lowStockShown;
  const content =
    low_stock.length === 0
      ? nothing(`Every product that sells has stock for ${counted(low_stock_days, 'day')} or more.`)
      : html`<p class="note">${counted(low_stock.length, 'product')} with stock for less than ${counted(low_stock_days, 'day')} at the pace of this range</p>${lowStockTable(low_stock.slice(0, lowStockShown), currency)}${rest > 0 ? html`<p class="note">and ${countText(rest)} more, all in dashboard.json</p>` : null}`;
  return html`<section class="card" aria-labelledby="stock"><h2 id="stock">Low stock</h2>${content}</section>`;
};

const nothing = (text: string): Html => html`<p class="note">${text}</p>`;

const footer = (origin: PageOrigin): Html => {
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
  return html`<footer><dl>
<dt>Pipeline</dt><dd>${origin.pipeline}</dd>
<dt>Run</dt><dd>${origin.run_id}</dd>
<dt>Range</dt><dd>${origin.range.start_date} to ${origin.range.end_date} (UTC days, both included)</dd>
<dt>Made</dt><dd><time datetime="${origin.started_at}">${dayText(origin.started_at)}, ${time.format(new Date(origin.started_at))} UTC</time></dd>
</dl><p>Lifetime value is what a customer spent in this range. VIP: at least 1,000 and 10 orders. Regular: 500 or 5 orders. Occasional: 100 or 2 orders. New: the rest.</p></footer>`;
};
