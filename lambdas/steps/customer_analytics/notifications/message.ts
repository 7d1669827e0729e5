import { changeText, counted, countText, dayText, moneyText, weekdayText } from '../../page/display.ts';
import { type Synthetic, syntheticText } from '../../synthetic.ts';
import type { ComparedFigure, DayReport } from '../insights/day-report.ts';
import type { Alarm, Recommendation } from '../insights/insights.ts';

/** The result of update_dashboard: the headline figures, small enough for a step's result. */
export type DashboardResult = {
  readonly alarms: readonly Pick<Alarm, 'kind' | 'title' | 'detail'>[];
  /** Figures that stand-ins invented. */
  readonly synthetic: readonly Synthetic[];
  readonly day: Omit<DayReport, 'top_products'>;
  readonly history_days: number;
  readonly currency: string;
  readonly low_stock: number;
  readonly recommendations: readonly Pick<Recommendation, 'priority' | 'title'>[];
};

/** A message in the format of Slack's incoming webhooks; the outbox holds the same. */
export type Message = {
  readonly channel: string;
  /** The line that a phone shows as the notification. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
};

type SlackBlock =
  | { readonly type: 'header'; readonly text: { readonly type: 'plain_text'; readonly text: string } }
  | { readonly type: 'section'; readonly fields: readonly Markdown[] }
  | { readonly type: 'section'; readonly text: Markdown }
  | { readonly type: 'context'; readonly elements: readonly Markdown[] };

type Markdown = { readonly type: 'mrkdwn'; readonly text: string };

/** The message for one channel about one run: alarms first, then the day beside other days, then advice. */
export function messageFor(channel: string, dashboard: DashboardResult, run: { readonly run_id: string }): Message {
  const { alarms, day, recommendations, history_days, synthetic } = dashboard;
  const head = `Customer analytics, ${weekdayText(day.day)}`;
  const invented = syntheticText(synthetic);
  const advice = recommendations.map(
    ({ priority, title }) => `• ${priority === 'high' ? '*Do first:* ' : ''}${escaped(title)}`,
  );
  const alarm = alarms.map(({ title }) => `ALARM: ${title}. `).join('');
  return {
    channel,
    text: `${alarm}${head}: ${revenueText(dashboard)} from ${counted(day.orders, 'order')}${invented === null ? '' : ' (with made-up figures)'}`,
    blocks: [
      ...alarms.map(({ title, detail }) => section(`:rotating_light: *ALARM: ${escaped(title)}*\n${escaped(detail)}`)),
      { type: 'header', text: { type: 'plain_text', text: head } },
      { type: 'section', fields: fieldsOf(dashboard).map(markdown) },
      ...(advice.length > 0 ? [section(`*From the last ${counted(history_days, 'day')}*\n${advice.join('\n')}`)] : []),
      ...(invented === null ? [] : [context(`Made-up figures, from stand-ins: ${invented}`)]),
      context(`Run \`${escaped(run.run_id)}\``),
    ],
  };
}

/** Each figure of the day over its changes. */
const fieldsOf = (dashboard: DashboardResult): string[] => {
  const { day, currency, low_stock, synthetic } = dashboard;
  const average = day.average_order_value;
  const rows: readonly (readonly [name: string, value: string, figure: ComparedFigure])[] = [
    ['Revenue', revenueText(dashboard), 'revenue'],
    ['Orders', countText(day.orders), 'orders'],
    ['Customers', countText(day.customers), 'customers'],
    ['Average order', average === null ? '–' : moneyText(average, currency), 'average_order_value'],
  ];
  const stock = synthetic.includes('stock') ? 'Low stock (made up)' : 'Low stock';
  return [
    ...rows.map(([name, value, figure]) => `*${name}*\n${escaped(value)}\n${escaped(changesOf(day, figure))}`),
    `*${stock}*\n${counted(low_stock, 'product')}`,
  ];
};

/** `+12.3% on Mon 6 Jun, no orders on Tue 31 May` */
const changesOf = ({ compared }: DashboardResult['day'], figure: ComparedFigure): string =>
  compared
    .flatMap(({ day, orders, change: { [figure]: change } }) => {
      const weekday = dayText(day, { weekday: 'short', day: 'numeric', month: 'short' });
      if (orders === 0) return [`no orders on ${weekday}`];
      return change === null ? [] : [`${changeText(change)} on ${weekday}`];
    })
    .join(', ');

const revenueText = ({ day, currency }: DashboardResult): string => moneyText(day.revenue, currency);

const markdown = (text: string): Markdown => ({ type: 'mrkdwn', text });
const section = (text: string): SlackBlock => ({ type: 'section', text: markdown(text) });
const context = (text: string): SlackBlock => ({ type: 'context', elements: [markdown(text)] });

/** The three characters that Slack's markup interprets: https://api.slack.com/reference/surfaces/formatting#escaping */
const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
