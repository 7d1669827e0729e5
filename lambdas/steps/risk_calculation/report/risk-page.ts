import { countText, dayText, decimalText, percentText, shortMoney, weekdayText } from '../../page/display.ts';
import { card, type FigureCard, figureCards, note } from '../../page/figure-cards.ts';
import { foreign, type Html, html } from '../../page/html.ts';
import { labelsBelow, line, marks, plot, scaleOf, stems } from '../../page/plot.ts';
import { type PageOrigin, reportPage } from '../../page/report-page.ts';
import { table, twoLines } from '../../page/table.ts';
import { criticalRatio } from './kupiec.ts';
import type { RiskReport, Statement } from './risk-report.ts';

const desks: ReadonlyMap<string, string> = new Map([
  ['total', 'Both desks'],
  ['equities', 'Equities'],
  ['bonds', 'Bonds'],
]);

/** `risk.html`: value at risk and expected shortfall, whether past statements held, and the days that decide. */
export function riskPage(report: RiskReport, origin: PageOrigin): string {
  const { as_of, confidence, statements, judged } = report;
  const share = percentText(Number(confidence)).replace('.0%', '%');
  const outside = judged.filter(({ inRange }) => !inRange);
  return reportPage(
    {
      title: 'Value at risk',
      subject: weekdayText(as_of),
      alarms: outside.map(({ desk, exceedances, days, range }) => ({
        title: `The model of ${deskName(desk)} does not hold`,
        detail: `${countText(exceedances)} exceedances in ${countText(days)} days; ${range.low} to ${range.high} are expected.`,
      })),
      content: [
        figureCards(cardsOf(report, share)),
        card('backtest', 'Did it hold?', [
          note(
            `Profit or loss of today’s portfolio on each of the last ${countText(statements.length)} days, and the value at risk stated the evening before. Dots: days with a greater loss.`,
          ),
          backtestPlot(statements),
        ]),
        html`<div class="grid-2">${card('desks', 'By desk', [deskTable(report)])}${card('worst', 'The days that decide', [worstTable(report)])}</div>`,
      ],
      method: `Historical simulation: today’s positions in the market of each past day of the window. With n days, value at risk is the k-th greatest loss, k = floor((n + 1) × (1 − ${confidence})), expected shortfall the mean of the k greatest. Exceedances are held against the 95% range of the binomial distribution; LR is Kupiec’s likelihood ratio, rejected above ${criticalRatio}.`,
    },
    origin,
  );
}

const cardsOf = ({ portfolio, totals, judged, risks }: RiskReport, share: string): FigureCard[] => {
  const total = judged.find(({ desk }) => desk === 'total');
  const window = risks.find(({ desk }) => desk === 'total')?.scenarios ?? 0;
  return [
    ['Value at risk', euro(totals.value_at_risk), `one day, ${share}, from ${countText(window)} days`],
    ['Expected shortfall', euro(totals.expected_shortfall), 'mean loss on the days beyond'],
    [
      'Exceedances',
      total ? `${countText(total.exceedances)} of ${countText(total.days)}` : '–',
      total ? `${total.range.low} to ${total.range.high} are expected` : '',
    ],
    [
      'Portfolio',
      euro(portfolio.value),
      `${countText(portfolio.positions)} positions`,
      `diversification ${euro(totals.diversification)}`,
    ],
  ];
};

const backtestPlot = (statements: readonly Statement[]): Html => {
  const profits = statements.map(({ profit }) => Number(profit));
  const limits = statements.map(({ value_at_risk }) => -Number(value_at_risk));
  const scale = scaleOf([0, ...profits, ...limits]);
  const day = (index: number): string => statements[index]?.day ?? '';
  return plot({
    label: 'Profit or loss per day and the value at risk of the day before',
    scale,
    axis: (value) => shortMoney(value, 'EUR').replace('-', '−'),
    below: labelsBelow(statements.length, 6, (index) => dayText(day(index), { month: 'short', year: 'numeric' })),
    layers: [
      stems(profits, scale),
      line('limit', limits, scale),
      marks(
        profits.map((profit, index) => (statements[index]?.exceeded ? profit : null)),
        scale,
        (index) => `${dayText(day(index))}: ${euro(statements[index]?.profit ?? '0')}`,
      ),
    ],
  });
};

const deskTable = ({ risks, judged }: RiskReport): Html =>
  table('Risk by desk', risks, [
    { title: 'Desk', cell: ({ desk }) => foreign(deskName(desk)) },
    { title: 'Value at risk', number: true, cell: (row) => euro(row.value_at_risk) },
    { title: 'Shortfall', number: true, cell: (row) => euro(row.expected_shortfall) },
    {
      title: 'Exceedances',
      number: true,
      cell: ({ desk }) => {
        const own = judged.find((one) => one.desk === desk);
        return own
          ? twoLines(countText(own.exceedances), `${own.range.low} to ${own.range.high}, LR ${own.ratio.toFixed(2)}`)
          : '–';
      },
    },
  ]);

const worstTable = ({ worst }: RiskReport): Html =>
  table('The greatest losses of the window', worst, [
    { title: 'Market of', cell: ({ day }) => dayText(day) },
    { title: 'Today’s portfolio', number: true, cell: ({ profit }) => euro(profit) },
  ]);

const deskName = (desk: string): string => desks.get(desk) ?? desk;

const euro = (amount: string): string => `${amount.startsWith('-') ? '−' : ''}€${decimalText(amount.replace('-', ''))}`;
