import { countText, dayText, moneyText, percentText } from '../../page/display.ts';
import { foreign, type Html, html } from '../../page/html.ts';
import { table } from '../../page/table.ts';
import type { SegmentSummary } from '../insights/insights.ts';
import type { RevenueByKind } from '../insights/revenue-by-kind.ts';
import type { Charge, CustomerMetrics, ProductMetrics } from '../metrics.ts';
import { rowBar } from './charts.ts';
import { shareText } from './share-text.ts';

/** The best customers with all their metrics. */
export function customerTable(rows: readonly CustomerMetrics[], currency: string): Html {
  return table('Top customers', rows, [
    {
      title: 'Customer',
      cell: (row) =>
        html`${foreign(row.customer_id)}<span class="sub">${foreign(row.email)}</span><span class="sub">${foreign(row.country)}</span>`,
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
  ]);
}

const productName = (row: ProductMetrics): Html =>
  html`${foreign(row.name?.trim() || row.product_id)}<span class="sub">${foreign(row.product_id)}</span>`;

/** The best products with all their metrics. */
export function productTable(rows: readonly ProductMetrics[], currency: string, synthetic: boolean): Html {
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
    { title: 'In stock', number: true, synthetic, cell: stock },
    { title: 'Days of stock', number: true, synthetic, cell: (row) => daysLeft(row.days_of_stock) },
  ]);
}

/** Products that run out soon, most urgent first. */
export function lowStockTable(rows: readonly ProductMetrics[], currency: string, synthetic: boolean): Html {
  return table('Low stock', rows, [
    { title: 'Product', cell: productName },
    {
      title: 'Days left',
      number: true,
      synthetic,
      cell: (row) =>
        row.stock_on_hand === 0 ? html`<span class="pressing">sold out</span>` : daysLeft(row.days_of_stock),
    },
    { title: 'In stock', number: true, synthetic, cell: stock },
    { title: 'Units sold', number: true, cell: (row) => countText(row.units_sold) },
    { title: 'Revenue', number: true, cell: (row) => moneyText(row.revenue, currency) },
  ]);
}

/** The products that sold best on one day. */
export function daySalesTable(rows: readonly Charge[], currency: string): Html {
  return table('Sold on this day', rows, [
    { title: 'Product', cell: chargeName },
    { title: 'Units', number: true, cell: (row) => countText(row.units) },
    { title: 'Revenue', number: true, cell: (row) => moneyText(row.revenue, currency) },
  ]);
}

/** Postage, carriage, fees and other codes that are no products. */
export function chargeTable(rows: readonly Charge[], currency: string): Html {
  return table('Shipping and fees', rows, [
    { title: 'Shipping and fees', cell: chargeName },
    { title: 'Orders', number: true, cell: (row) => countText(row.order_count) },
    { title: 'Units', number: true, cell: (row) => countText(row.units) },
    { title: 'Revenue', number: true, cell: (row) => moneyText(row.revenue, currency) },
  ]);
}

/** Revenue by its origin. The rows add up to the total, to the cent. */
export function kindTable(
  { products, shipping_and_fees, other }: RevenueByKind,
  total: string,
  currency: string,
): Html {
  const rows = [
    { name: 'Products', amount: products },
    { name: 'Shipping and fees', amount: shipping_and_fees },
    ...(other === '0.00' ? [] : [{ name: 'Not on the order lines, or rounding', amount: other }]),
    { name: 'Revenue', amount: total },
  ];
  return table('Revenue by kind', rows, [
    { title: 'Kind', cell: ({ name }) => name },
    { title: 'Amount', number: true, cell: ({ amount }) => moneyText(amount, currency) },
    { title: 'Share', number: true, cell: ({ amount }) => shareText(amount, total) },
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

const chargeName = ({ code, name }: Charge): Html =>
  html`${foreign(name?.trim() || code || '(no code)')}<span class="sub">${foreign(code)}</span>`;

const stock = (row: ProductMetrics): string =>
  row.stock_on_hand === null ? 'not known' : countText(row.stock_on_hand);

const decimal = (value: number): string =>
  new Intl.NumberFormat('en-GB', { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value);

const daysLeft = (days: number | null): string => (days === null ? '–' : decimal(days));
