import { defineStep } from 'daybreak';
import * as z from 'zod/mini';
import { neededResult } from '../needed-result.ts';
import type { ForecastInput } from './input.ts';
import { forecastPage } from './report/forecast-page.ts';
import type { ForecastReport, Order, ProductCourse } from './report/forecast-report.ts';

const options = z.strictObject({ currency: z.string().check(z.length(3)), charts: z.int().check(z.positive()) });

/** Days before the forecast that a chart shows. */
const shownDays = 56;

/** A row of the query for charts. */
interface CourseRow {
  readonly product_id: string;
  readonly name: string;
  readonly day_deviation: number;
  readonly error: number;
  readonly naive_error: number;
  readonly demand: number;
}

/** Writes `forecast.html` and `orders.json`, and returns the totals of the orders. */
export const handler = defineStep<ForecastInput>(async (step) => {
  const { currency, charts } = options.parse(step.config);
  const test = neededResult<ForecastReport['test']>(step, 'forecast_demand');
  const totals = neededResult<ForecastReport['totals']>(step, 'plan_orders');
  const orders: Order[] = await step.sql<Order>(
    'FROM "plan_orders"."orders" WHERE quantity > 0 ORDER BY runs_out DESC, days_left - lead_days, product_id',
  );
  const top: CourseRow[] = await step.sql<CourseRow>(
    `SELECT product_id, name, day_deviation, error, naive_error, demand
     FROM "forecast_demand"."accuracy" JOIN "plan_orders"."orders" USING (product_id)
     ORDER BY demand DESC, product_id LIMIT $charts`,
    { charts },
  );
  const courses: ProductCourse[] = [];
  for (const { product_id, name, day_deviation, error, naive_error, demand } of top) {
    const sold = await step.sql<{ day: string; units: number }>(
      `FROM (SELECT day, units FROM "daily_demand"."demand" WHERE product_id = $product_id ORDER BY day DESC LIMIT ${shownDays}) ORDER BY day`,
      { product_id },
    );
    const expected = await step.sql<{ day: string; units: number }>(
      'SELECT day, expected AS units FROM "forecast_demand"."forecasts" WHERE product_id = $product_id ORDER BY day',
      { product_id },
    );
    const share = (sum: number): number => (demand === 0 ? 0 : sum / demand);
    courses.push({
      product_id,
      name,
      sold,
      expected,
      deviation: day_deviation,
      error: share(error),
      naive_error: share(naive_error),
    });
  }
  const { as_of } = step.input;
  const list = { as_of, currency, totals, orders };
  await step.file('orders.json', `${JSON.stringify(list, null, 2)}\n`, { contentType: 'application/json' });
  const page = forecastPage({ as_of, currency, test, totals, orders, courses }, step.run);
  await step.file('forecast.html', page, { contentType: 'text/html; charset=utf-8' });
  return totals;
});
