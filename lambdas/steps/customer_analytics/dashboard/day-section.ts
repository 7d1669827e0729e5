import { changeText, counted, countText, dayText, moneyText, percentText, rangeText } from '../../page/display.ts';
import { card, type FigureCard, figureCards, note } from '../../page/figure-cards.ts';
import { type Html, html } from '../../page/html.ts';
import { ratio } from '../../quantities/money.ts';
import type { ComparedFigure, Comparison, DayReport } from '../insights/day-report.ts';
import type { Insights } from '../insights/insights.ts';
import { lastDays } from '../periods.ts';
import { trendChart, trendTable } from './charts.ts';
import { daySalesTable, kindTable } from './tables.ts';

/** The reported day: its figures beside those of the day before and of the same weekday, the last four weeks, and what was sold. */
export function daySection({ dashboard: { day, range }, recent, currency }: Insights): Html {
  const span =
    range.days > 1 && range.days < 28
      ? note(
          `${rangeText(range)} together: ${moneyText(range.revenue, currency)} from ${counted(range.orders, 'order')}.`,
        )
      : null;
  const weeks = lastDays(day.day, 28);
  const marked = [day.day, ...day.compared.map((other) => other.day)];
  const sold =
    day.top_products.length > 0 ? daySalesTable(day.top_products, currency) : note('No product was sold on this day.');
  return html`${figureCards(cardsOf(day, currency))}${span}
<div class="grid-2">
${card('recent', 'The last four weeks', [
  note('Revenue per day. Darker: the day, the day before and the same weekday a week before.'),
  trendChart(recent, currency, { range: weeks, marked }),
  trendTable(recent, currency),
  html`<h3 class="kinds">Where the day’s revenue came from</h3>`,
  kindTable(day.revenue_by_kind, day.revenue, currency),
])}
${card('sold', 'Sold on this day', [sold])}
</div>`;
}

const cardsOf = (day: DayReport, currency: string): FigureCard[] => {
  const money = (amount: string | null): string => (amount === null ? '–' : moneyText(amount, currency));
  const compared = (figure: ComparedFigure, text: (other: Comparison) => string): Html[] =>
    day.compared.map((other) => comparison(other, other.change[figure], text(other)));
  return [
    ['Revenue', money(day.revenue), ...compared('revenue', (other) => money(other.revenue))],
    ['Orders', countText(day.orders), ...compared('orders', (other) => countText(other.orders))],
    [
      'Customers',
      countText(day.customers),
      ...compared('customers', (other) => countText(other.customers)),
      ...(day.orders_without_customer > 0
        ? [`${counted(day.orders_without_customer, 'order')}${shareOf(day)} without a known customer`]
        : []),
    ],
    [
      'Average order',
      money(day.average_order_value),
      ...compared('average_order_value', (other) => money(other.average_order_value)),
    ],
  ];
};

const shareOf = ({ orders, orders_without_customer: without }: DayReport): string =>
  ` (${percentText(Number(ratio(BigInt(without), BigInt(orders), 4)))})`;

/** `▲ +12.3% on Monday, 6 June (£1,234.50)`; without a change only the other day's figure. */
const comparison = (other: Comparison, change: number | null, value: string): Html => {
  const weekday = dayText(other.day, { weekday: 'long', day: 'numeric', month: 'short' });
  if (other.orders === 0) return html`${weekday}: no orders`;
  if (change === null) return html`${weekday}: ${value}`;
  // Below half a tenth of a percent the text says 0.0%, and an arrow would contradict it.
  const [arrow, way] = Math.abs(change) < 0.0005 ? ['=', 'even'] : change > 0 ? ['▲', 'up'] : ['▼', 'down'];
  return html`<span class="${way}">${arrow} ${changeText(change)}</span> on ${weekday} (${value})`;
};
