import type { DateRange } from '../../quantities/days.ts';
import { counted, moneyText, rangeText } from '../insights/display.ts';
import type { Recommendation } from '../insights/insights.ts';
import type { OrderTotals } from '../metrics.ts';

/** The result of update_dashboard: the headline figures, small enough for a step's result. */
export type DashboardResult = {
  readonly totals: OrderTotals;
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

/** The message for one channel about one run. */
export function messageFor(
  channel: string,
  { totals, currency, low_stock, recommendations }: DashboardResult,
  run: { readonly run_id: string; readonly range: DateRange },
): Message {
  const revenue = moneyText(totals.revenue, currency);
  const head = `Customer analytics, ${rangeText(run.range)}`;
  const fields: readonly (readonly [string, string])[] = [
    ['Revenue', revenue],
    ['Orders', counted(totals.orders, 'order')],
    ['Customers', counted(totals.customers, 'customer')],
    ['Low stock', counted(low_stock, 'product')],
  ];
  const advice = recommendations.map(
    ({ priority, title }) => `• ${priority === 'high' ? '*Do first:* ' : ''}${escaped(title)}`,
  );
  return {
    channel,
    text: `${head}: ${revenue} from ${counted(totals.orders, 'order')}`,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: head } },
      { type: 'section', fields: fields.map(([name, value]) => markdown(`*${name}*\n${escaped(value)}`)) },
      ...(advice.length > 0 ? [{ type: 'section', text: markdown(advice.join('\n')) } as const] : []),
      { type: 'context', elements: [markdown(`Run \`${escaped(run.run_id)}\``)] },
    ],
  };
}

const markdown = (text: string): Markdown => ({ type: 'mrkdwn', text });

/** The three characters that Slack's markup interprets: https://api.slack.com/reference/surfaces/formatting#escaping */
const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
