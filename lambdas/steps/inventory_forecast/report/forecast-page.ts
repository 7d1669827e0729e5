import { counted, countText, dayText, decimalText, moneyText, percentText, weekdayText } from '../../page/display.ts';
import { card, type FigureCard, figureCards, note } from '../../page/figure-cards.ts';
import { foreign, type Html, html } from '../../page/html.ts';
import { band, labelsBelow, line, plot, scaleOf } from '../../page/plot.ts';
import { type PageOrigin, reportPage } from '../../page/report-page.ts';
import { table, twoLines } from '../../page/table.ts';
import type { ForecastReport, Order, ProductCourse } from './forecast-report.ts';

/** Deviations that hold 80% of a normal distribution. */
const bandDeviations = 1.282;

/** `forecast.html`: what to order, how good the forecast is, and the products that sell most. */
export function forecastPage(report: ForecastReport, origin: PageOrigin): string {
  const { as_of, test, orders, courses, currency } = report;
  const late = orders.filter(({ runs_out }) => runs_out);
  return reportPage(
    {
      title: 'Orders and demand',
      subject: `as of ${weekdayText(as_of)}`,
      alarms:
        test.error < test.naive_error
          ? []
          : [
              {
                title: 'The forecast is no better than last week’s figures',
                detail: 'Its error in the back-test is not below that of the naive forecast.',
              },
            ],
      content: [
        figureCards(cardsOf(report)),
        card('orders', 'Order today', [
          late.length > 0
            ? note(`${counted(late.length, 'product')} will run out before an order of today arrives.`)
            : null,
          orders.length > 0 ? orderTable(orders, currency) : note('Nothing. Stock and open orders last long enough.'),
        ]),
        card('courses', 'The products that sell most', [
          note(
            'Units per day of the last eight weeks, the forecast (dashed), and the band that should hold 80% of the days.',
          ),
          html`<div class="grid-2 small">${courses.map(course)}</div>`,
        ]),
      ],
      method: `Damped additive Holt-Winters per product with a week as the season, fitted on the days before the back-test. The back-test makes ${test.origins} forecasts of ${test.horizon} days, one per week, each from the days before it alone; the naive forecast repeats the last known week. Order up to: the demand expected until the next order can arrive, plus 1.645 deviations of such sums in the back-test.`,
    },
    origin,
  );
}

const cardsOf = ({ test, totals, currency }: ForecastReport): FigureCard[] => [
  [
    'Products to order',
    `${countText(totals.to_order)} of ${countText(totals.products)}`,
    `${countText(totals.units)} units`,
  ],
  ['Cost', moneyText(totals.cost, currency)],
  [
    'Forecast error',
    percentText(test.error),
    `of the demand, over ${test.origins} past forecasts`,
    `naive forecast: ${percentText(test.naive_error)}`,
  ],
  [
    'Better than naive',
    `${countText(test.better)} of ${countText(test.products)}`,
    ...(test.short_history > 0 ? [`${counted(test.short_history, 'product')} with too little history`] : []),
  ],
];

const orderTable = (rows: readonly Order[], currency: string): Html =>
  table('Order today', rows, [
    {
      title: 'Product',
      cell: (row) => html`${foreign(row.name)}<span class="sub">${foreign(row.product_id)}</span>`,
    },
    { title: 'Order', number: true, cell: (row) => html`<strong>${countText(row.quantity)}</strong>` },
    { title: 'Cost', number: true, cell: (row) => moneyText(row.cost, currency) },
    {
      title: 'Stock',
      number: true,
      cell: (row) =>
        twoLines(countText(row.stock_on_hand), row.on_order > 0 ? `+${countText(row.on_order)} on order` : null),
    },
    {
      title: 'Lasts',
      number: true,
      cell: (row) =>
        html`<span class="status${row.runs_out ? ' bad' : row.days_left < row.lead_days ? ' fair' : ''}">${counted(row.days_left, 'day')}</span>`,
    },
    { title: 'Lead time', number: true, cell: (row) => counted(row.lead_days, 'day') },
    {
      title: 'Expected',
      number: true,
      cell: (row) => twoLines(countText(Math.round(row.expected)), `in ${counted(row.protection_days, 'day')}`),
    },
    { title: 'Safety', number: true, cell: (row) => countText(Math.round(row.safety_stock)) },
  ]);

const course = ({ product_id, name, sold, expected, deviation, error, naive_error }: ProductCourse): Html => {
  const past = sold.map(({ units }) => units);
  const future = expected.map(({ units }) => units);
  const none = (count: number): null[] => Array<null>(count).fill(null);
  // The forecast begins at the last known day, so that the lines meet.
  const joined = [...none(past.length - 1), past.at(-1) ?? null, ...future];
  const low = [...none(past.length), ...future.map((units) => Math.max(0, units - bandDeviations * deviation))];
  const high = [...none(past.length), ...future.map((units) => units + bandDeviations * deviation)];
  const scale = scaleOf([0, ...past, ...high.filter((value) => value !== null)]);
  const days = [...sold, ...expected].map(({ day }) => day);
  const shown = plot({
    label: 'Units per day and their forecast',
    scale,
    axis: (value) => decimalText(value, scale.step % 1 === 0 ? 0 : 1),
    below: labelsBelow(days.length, 4, (index) => dayText(days[index] ?? '', { day: 'numeric', month: 'short' })),
    layers: [
      band(low, high, scale),
      line('line', [...past, ...none(future.length)], scale),
      line('ghost', joined, scale),
    ],
  });
  return html`<div><h3 class="kinds">${foreign(name)}</h3><p class="note">${foreign(product_id)} · error ${percentText(error)}, naive ${percentText(naive_error)}</p>${shown}</div>`;
};
