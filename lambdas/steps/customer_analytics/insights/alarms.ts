import { counted, dayText, rangeText, weekdayText } from '../../page/display.ts';
import { addDays, type DateRange, type Day, daysBetween, daysIn } from '../../quantities/days.ts';
import type { OrderTotals } from '../metrics.ts';
import type { Periods } from '../periods.ts';
import type { Alarm } from './insights.ts';

/** The facts that raise an alarm. */
export interface AlarmFacts {
  readonly periods: Periods;
  /** Days of the history with at least one order. */
  readonly orderDays: ReadonlySet<Day>;
  readonly totals: OrderTotals;
}

/** Reasons to distrust a run's figures: no orders on the day, in the range or in the history, or no customer that the CRM knows. */
export function alarmsFrom(facts: AlarmFacts): Alarm[] {
  return [noOrders(facts), noKnownCustomer(facts)].filter((alarm) => alarm !== null);
}

/** The longest of the three periods without an order gives the alarm. The other two follow from it. */
const noOrders = ({ periods, orderDays }: AlarmFacts): Alarm | null => {
  const { day, range, history } = periods;
  if (orderDays.has(day)) return null;
  const last = [...orderDays].sort().at(-1) ?? null;
  const empty: DateRange = [history, range].find((one) => last === null || last < one.start_date) ?? {
    start_date: day,
    end_date: day,
  };
  const found =
    last === null
      ? `The database has no order in the ${counted(daysIn(history), 'day')} up to this day.`
      : `The last order was on ${weekdayText(last)}, ${counted(daysBetween(last, day), 'day')} before. ${usual(day, orderDays)}`;
  return {
    kind: 'no_orders',
    title: `No orders ${empty.start_date === empty.end_date ? `on ${weekdayText(day)}` : `from ${dayText(empty.start_date)} to ${dayText(empty.end_date)}`}`,
    detail: `${found} Check the shop, and whether its orders reach the database, before you use the figures of this page.`,
    numbers: { start_date: empty.start_date, end_date: empty.end_date, last_order_day: last },
  };
};

/** Tells a day on which the shop is closed from a fault: a reader knows that no Saturday has orders. */
const usual = (day: Day, orderDays: ReadonlySet<Day>): string => {
  const before = [7, 14, 21].map((days) => addDays(day, -days)).filter((one) => orderDays.has(one)).length;
  const weekday = dayText(day, { weekday: 'long' });
  return before === 0
    ? `The three ${weekday}s before had none either.`
    : `Of the three ${weekday}s before, ${before} had orders.`;
};

const noKnownCustomer = ({ totals, periods }: AlarmFacts): Alarm | null => {
  if (totals.orders === 0 || totals.customers > 0) return null;
  return {
    kind: 'no_known_customer',
    title: `The CRM knows no customer of ${counted(totals.orders, 'order')}`,
    detail: `Of the orders from ${rangeText(periods.history)}, none belongs to a user of the CRM, so there are no customer figures. Check that orders and CRM use the same ids.`,
    numbers: { orders: totals.orders },
  };
};
