import { countText, dayText, moneyText, percentText } from '../insights/display.ts';
import type { SegmentSummary } from '../insights/insights.ts';
import type { CustomerMetrics, ProductMetrics } from '../metrics.ts';
import { rowBar } from './charts.ts';
import { foreign, type Html, html } from './html.ts';

interface Column<Row> {
  readonly title: string;
  readonly number?: true;
  cell(row: Row): Html | string;
}

/** A table with row headers in its first column. It scrolls by itself if the page is too narrow. */
const table = <Row>(label: string, rows: readonly Row[], columns: readonly Column<Row>[]): Html => {
  const wide = columns.length > 4 ? html` class="wide"` : null;
  const heads = columns.map(({ title, number }) => html`<th scope="col"${numeric(number)}>${title}</th>`);
  const body = rows.map((row) => {
    const cells = columns.map(({ number, cell }, index) =>
      index === 0 ? html`<th scope="row">${cell(row)}</th>` : html`<td${numeric(number)}>${cell(row)}</td>`,
    );
    return html`<tr>${cells}</tr>`;
  });
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table${wide}><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table></div>`;
};

const numeric = (number: true | undefined): Html => (number ? html` class="number"` : html``);

/** The best customers with all their metrics. */
export function customerTable(rows: readonly CustomerMetrics[], currency: string): Html {
  return table('Top customers', rows, [
    {
      title: 'Customer',
      cell: (row) => html`${foreign(row.customer_id)}<span class="sub line">${foreign(row.email)}</span>`,
    },
    {
      title: 'Lifetime value',
      number: true,
      cell: (row) =>
        html`${moneyText(row.total_lifetime_value, currency)}${rowBar(row.total_lifetime_value, rows[0]?.total_lifetime_value ?? '0')}`,
    },
    { title: 'Segment', cell: (row) => segmentName(row.customer_segment) },
    { title: 'Orders', number: true, cell: (row) => countText(row.total_orders) },
    { title: 'Average order', number: true, cell: (row) => moneyText(row.average_order_value, currency) },
    { title: 'Orders per 30 days', number: true, cell: (row) => decimal(row.order_frequency) },
    { title: 'Days since last order', number: true, cell: (row) => countText(row.days_since_last_order) },
    { title: 'Customer since', number: true, cell: (row) => dayText(row.acquisition_date, { dateStyle: 'medium' }) },
    { title: 'Country', cell: (row) => html`<span class="line">${foreign(row.country)}</span>` },
  ]);
}

const productName = (row: ProductMetrics): Html =>
  html`${foreign(row.name?.trim() || row.product_id)}<span class="sub">${foreign(row.product_id)}</span>`;

/** The best products with all their metrics. */
export function productTable(rows: readonly ProductMetrics[], currency: string): Html {
  return table('Top products', rows, [
    { title: 'Product', cell: productName },
    {
      title: 'Revenue',
      number: true,
      cell: (row) => html`${moneyText(row.revenue, currency)}${rowBar(row.revenue, rows[0]?.revenue ?? '0')}`,
    },
    { title: 'Units sold', number: true, cell: (row) => countText(row.units_sold) },
    { title: 'Orders', number: true, cell: (row) => countText(row.order_count) },
    {
      title: 'Average price',
      number: true,
      cell: (row) => (row.average_price === null ? '–' : moneyText(row.average_price, currency)),
    },
    { title: 'In stock', number: true, cell: stock },
    { title: 'Days of stock', number: true, cell: (row) => daysLeft(row.days_of_stock) },
  ]);
}

/** Products that run out soon, most urgent first. */
export function lowStockTable(rows: readonly ProductMetrics[], currency: string): Html {
  return table('Low stock', rows, [
    { title: 'Product', cell: productName },
    {
      title: 'Days left',
      number: true,
      cell: (row) =>
        row.stock_on_hand === 0 ? html`<span class="pressing">sold out</span>` : daysLeft(row.days_of_stock),
    },
    { title: 'In stock', number: true, cell: stock },
    { title: 'Units sold', number: true, cell: (row) => countText(row.units_sold) },
    { title: 'Revenue', number: true, cell: (row) => moneyText(row.revenue, currency) },
  ]);
}

/** All segments with their share. */
export function segmentTable(rows: readonly SegmentSummary[], currency: string): Html {
  return table('Segments', rows, [
    { title: 'Segment', cell: (row) => segmentName(row.segment) },
    { title: 'Customers', number: true, cell: (row) => countText(row.customers) },
    { title: 'Revenue', number: true, cell: (row) => moneyText(row.revenue, currency) },
    { title: 'Share', number: true, cell: (row) => percentText(row.share) },
  ]);
}

const segmentName = (segment: string): Html =>
  html`<span class="segment"><span class="dot ${segment.toLowerCase()}"></span>${segment}</span>`;

const stock = (row: ProductMetrics): string =>
  row.stock_on_hand === null ? 'not known' : countText(row.stock_on_hand);

const decimal = (value: number): string =>
  new Intl.NumberFormat('en-GB', { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value);

const daysLeft = (days: number | null): string => (days === null ? '–' : decimal(days));
