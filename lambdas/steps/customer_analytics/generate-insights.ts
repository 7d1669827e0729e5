import { defineStep } from 'daybreak';
import * as z from 'zod/mini';
import { neededResult } from '../needed-result.ts';
import { syntheticFigures } from '../synthetic.ts';
import type { CustomerAnalyticsInput } from './input.ts';
import { buildInsights } from './insights/build-insights.ts';
import type {
  Charge,
  CustomerMetrics,
  DailyRevenue,
  DaySale,
  LineTotals,
  OrderTotals,
  ProductMetrics,
  RecentDay,
} from './metrics.ts';
import { lastDays, periodsOf } from './periods.ts';

const options = z.strictObject({
  currency: z.string().check(z.length(3)),
  low_stock_days: z.number().check(z.positive()),
});

/** Writes the file `insights.json`: the day beside other days, segments, best customers and products, low stock, alarms, advice and the course of revenue. */
export const handler = defineStep<CustomerAnalyticsInput>(async (step) => {
  const lines = neededResult<LineTotals>(step, 'transform_product_metrics');
  const periods = periodsOf(step.input);
  const insights = await buildInsights(
    {
      totals: neededResult<OrderTotals>(step, 'transform_customer_metrics'),
      lines,
      customers: step.rows<CustomerMetrics>('transform_customer_metrics.customer_metrics'),
      products: step.rows<ProductMetrics>('transform_product_metrics.product_metrics'),
      charges: step.rows<Charge>('transform_product_metrics.shipping_and_fees'),
      days: step.rows<DailyRevenue>('transform_customer_metrics.daily_revenue'),
      recentDays: step.rows<RecentDay>('transform_customer_metrics.recent_days'),
      daySales: step.rows<DaySale>('transform_product_metrics.day_sales'),
    },
    { ...periods, history: lastDays(periods.day, lines.history_days) },
    { ...options.parse(step.config), synthetic: syntheticFigures() },
  );
  await step.file('insights.json', JSON.stringify(insights), { contentType: 'application/json' });
  const { alarms, segments, low_stock, recommendations } = insights.dashboard;
  for (const { title, detail } of alarms) step.log.warn(`${title}. ${detail}`);
  return { alarms, segments, low_stock: low_stock.length, recommendations };
});
