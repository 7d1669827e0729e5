import { defineStep } from 'daybreak';
import * as z from 'zod/mini';
import { neededResult } from '../needed-result.ts';
import { type CustomerAnalyticsInput, dateRangeOf } from './input.ts';
import { buildInsights } from './insights/build-insights.ts';
import type { CustomerMetrics, DailyRevenue, OrderTotals, ProductMetrics } from './metrics.ts';

const options = z.strictObject({
  currency: z.string().check(z.length(3)),
  low_stock_days: z.number().check(z.positive()),
});

/** Writes the file `insights.json`: segments, best customers and products, low stock, advice and the revenue trend. */
export const handler = defineStep<CustomerAnalyticsInput>(async (step) => {
  const insights = await buildInsights(
    {
      totals: neededResult<OrderTotals>(step, 'transform_customer_metrics'),
      customers: step.rows<CustomerMetrics>('transform_customer_metrics.customer_metrics'),
      products: step.rows<ProductMetrics>('transform_product_metrics.product_metrics'),
      days: step.rows<DailyRevenue>('transform_customer_metrics.daily_revenue'),
    },
    dateRangeOf(step.input.date_range),
    options.parse(step.config),
  );
  await step.file('insights.json', JSON.stringify(insights), { contentType: 'application/json' });
  const { segments, low_stock, recommendations } = insights.dashboard;
  return { segments, low_stock: low_stock.length, recommendations };
});
