import { centText, type Money, parseMoney, ratio } from '../../quantities/money.ts';
import type { CustomerMetrics } from '../metrics.ts';
import type { SegmentSummary } from './insights.ts';
import { type Segment, segments } from './segments.ts';

/** Sums customers by segment; empty segments count too. */
export class SegmentSums {
  readonly #sums = new Map<Segment, { customers: number; revenue: Money }>(
    segments.map((segment) => [segment, { customers: 0, revenue: 0n }]),
  );

  /** Throws a RangeError for an unknown segment. */
  add({ customer_segment, total_lifetime_value }: CustomerMetrics): void {
    const sum = this.#sums.get(customer_segment);
    if (sum === undefined) throw new RangeError(`unknown segment ${customer_segment}`);
    sum.customers += 1;
    sum.revenue += parseMoney(total_lifetime_value);
  }

  /** All segments from VIP to New, with their shares of the customers' revenue. */
  summaries(customerRevenue: Money): SegmentSummary[] {
    return [...this.#sums].map(([segment, { customers, revenue }]) => ({
      segment,
      customers,
      revenue: centText(revenue),
      share: customerRevenue > 0n ? Number(ratio(revenue, customerRevenue, 4)) : 0,
    }));
  }
}
