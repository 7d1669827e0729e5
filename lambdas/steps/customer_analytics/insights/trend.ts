import { type DateRange, daysIn } from '../../quantities/days.ts';
import { centText, type Money, parseMoney } from '../../quantities/money.ts';
import { type Granularity, periodOf, periodsIn } from '../../quantities/periods.ts';
import type { DailyRevenue } from '../metrics.ts';
import type { Trend } from './insights.ts';

/** Days for up to a month, weeks for up to half a year, then months: at most 31 bars for up to two and a half years. */
const granularityFor = (days: number): Granularity => (days <= 31 ? 'day' : days <= 183 ? 'week' : 'month');

/** The revenue trend of a range, cut into as many periods as a chart can show. */
export function trendOf(days: readonly DailyRevenue[], range: DateRange): Trend {
  const granularity = granularityFor(daysIn(range));
  const sums = new Map<string, { orders: number; revenue: Money }>();
  for (const period of periodsIn(range, granularity)) sums.set(period, { orders: 0, revenue: 0n });
  for (const { day, orders, revenue } of days) {
    const sum = sums.get(periodOf(day, granularity));
    if (sum === undefined)
      throw new RangeError(`the order day ${day} lies outside ${range.start_date} to ${range.end_date}`);
    sum.orders += orders;
    sum.revenue += parseMoney(revenue);
  }
  const periods = [...sums].map(([period, { orders, revenue }]) => ({ period, orders, revenue: centText(revenue) }));
  return { granularity, periods };
}
