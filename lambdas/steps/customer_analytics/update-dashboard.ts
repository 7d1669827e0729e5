import { defineStep } from 'daybreak';
import { dashboardPage } from './dashboard/dashboard-page.ts';
import type { CustomerAnalyticsInput } from './input.ts';
import type { Insights } from './insights/insights.ts';
import type { DashboardResult } from './notifications/message.ts';

/** Writes `dashboard.json` and `dashboard.html`, and returns the headline figures. */
export const handler = defineStep<CustomerAnalyticsInput>(async (step) => {
  const text = await step.readFile('generate_insights', 'insights.json');
  const insights = JSON.parse(text.toString()) as Insights;
  const { dashboard, currency } = insights;
  await step.file('dashboard.json', `${JSON.stringify(dashboard, null, 2)}\n`, { contentType: 'application/json' });
  await step.file('dashboard.html', dashboardPage(insights, step.run), { contentType: 'text/html; charset=utf-8' });
  const { top_products: _, ...day } = dashboard.day;
  const result: DashboardResult = {
    alarms: dashboard.alarms.map(({ kind, title, detail }) => ({ kind, title, detail })),
    synthetic: dashboard.synthetic,
    day,
    history_days: dashboard.history.days,
    currency,
    low_stock: dashboard.low_stock.length,
    recommendations: dashboard.recommendations.map(({ priority, title }) => ({ priority, title })),
  };
  return result;
});
