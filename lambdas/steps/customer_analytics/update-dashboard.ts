import { defineStep } from 'daybreak';
import { dashboardPage } from './dashboard/dashboard-page.ts';
import { type CustomerAnalyticsInput, dateRangeOf } from './input.ts';
import type { Insights } from './insights/insights.ts';
import type { DashboardResult } from './notifications/message.ts';

/** Writes `dashboard.json` and `dashboard.html`, and returns the headline figures. */
export const handler = defineStep<CustomerAnalyticsInput>(async (step) => {
  const text = await step.readFile('generate_insights', 'insights.json');
  const insights = JSON.parse(text.toString()) as Insights;
  const { dashboard, currency } = insights;
  await step.file('dashboard.json', `${JSON.stringify(dashboard, null, 2)}\n`, { contentType: 'application/json' });
  const page = dashboardPage(insights, { ...step.run, range: dateRangeOf(step.input.date_range) });
  await step.file('dashboard.html', page, { contentType: 'text/html; charset=utf-8' });
  const result: DashboardResult = {
    totals: dashboard.totals,
    currency,
    low_stock: dashboard.low_stock.length,
    recommendations: dashboard.recommendations.map(({ priority, title }) => ({ priority, title })),
  };
  return result;
});
