import { counted, countText, decimalText, percentText, weekdayText } from '../../page/display.ts';
import { card, figureCards, note } from '../../page/figure-cards.ts';
import { foreign, type Html, html } from '../../page/html.ts';
import { type PageOrigin, reportPage } from '../../page/report-page.ts';
import { table } from '../../page/table.ts';
import { parseMoney } from '../../quantities/money.ts';
import { type Bridge, bridgesOf } from './bridge.ts';
import { type Item, type Reconciliation, settled, type Verdict, verdicts } from './reconciliation.ts';

/** `reconciliation.html`: how much of the day is in order, the way from the ledger to each provider, and every item that needs a person. */
export function reconciliationPage(reconciliation: Reconciliation, origin: PageOrigin): string {
  const { day, counts, open, totals, tolerance } = reconciliation;
  const { items, matched, within_tolerance, open_items, entries, payments } = counts;
  const inOrder = items === 0 ? 0 : (items - open_items) / items;
  const cards = figureCards([
    [
      'In order',
      percentText(inOrder),
      `${countText(matched)} match, ${countText(within_tolerance)} within ${tolerance}`,
    ],
    ['Open items', countText(open_items), 'need a person, see below'],
    ['Ledger entries', countText(entries)],
    ['Payments', countText(payments), 'of both providers'],
  ]);
  const left =
    open_items > open.length
      ? note(`${counted(open_items - open.length, 'smaller item')} more in the dataset match_payments.items.`)
      : null;
  return reportPage(
    {
      title: 'Daily reconciliation',
      subject: weekdayText(day),
      alarms: [],
      content: [
        cards,
        card('open', 'Open items', [open.length > 0 ? openTable(open) : note('None. Every item is in order.'), left]),
        card('bridge', 'From the ledger to the providers', [
          note('Ledger plus what each verdict adds is exactly what the provider states.'),
          html`<div class="grid-2">${bridgesOf(totals).map(bridgeTable)}</div>`,
        ]),
      ],
      method: `An item is an entry with its payment, or one of them alone. Pairs have the same provider and reference: first equal amounts, then equal currencies, then the rest. Amounts that differ by at most ${tolerance} are rounding.`,
    },
    origin,
  );
}

const statusOf = (status: Verdict): Html =>
  html`<span class="status${settled.has(status) ? '' : ' bad'}">${verdicts[status]}</span>`;

const providers: ReadonlyMap<string, string> = new Map([
  ['cards', 'Card provider'],
  ['bank', 'Bank'],
]);

const bridgeTable = ({ provider, currency, ledger, parts, payments }: Bridge): Html => {
  const name = html`${foreign(providers.get(provider) ?? provider)} · ${foreign(currency)}`;
  const row = (title: Html | string, items: Html | string, amount: string, sum: boolean): Html =>
    html`<tr${sum ? html` class="sum"` : null}><th scope="row">${title}</th><td class="number">${items}</td><td class="number">${amount}</td></tr>`;
  return html`<div><div class="scroll" role="region" aria-label="From the ledger to the provider" tabindex="0"><table><thead><tr><th scope="col">${name}</th><th scope="col" class="number">Items</th><th scope="col" class="number">Amount</th></tr></thead><tbody>
${row('Ledger', '', decimalText(ledger), true)}
${parts.map(({ status, items, difference }) => row(statusOf(status), countText(items), signed(difference), false))}
${row('Provider', '', decimalText(payments), true)}
</tbody></table></div></div>`;
};

const openTable = (rows: readonly Item[]): Html =>
  table('Open items', rows, [
    {
      title: 'Reference',
      cell: (row) =>
        html`${foreign(row.reference)}<span class="sub">${foreign(row.entry_id ?? 'no entry')} · ${foreign(row.payment_id ?? 'no payment')}</span>`,
    },
    { title: 'Provider', cell: (row) => foreign(providers.get(row.provider) ?? row.provider) },
    { title: 'Verdict', cell: (row) => statusOf(row.status) },
    { title: 'Ledger', number: true, cell: (row) => amountOf(row.ledger_amount, row.ledger_currency) },
    { title: 'Provider states', number: true, cell: (row) => amountOf(row.provider_amount, row.provider_currency) },
    { title: 'Difference', number: true, cell: (row) => (row.difference === null ? '–' : signed(row.difference)) },
  ]);

const amountOf = (amount: string | null, currency: string | null): Html =>
  amount === null ? html`–` : html`<span>${decimalText(amount)} ${foreign(currency ?? '')}</span>`;

const signed = (difference: string): string => `${parseMoney(difference) > 0n ? '+' : ''}${decimalText(difference)}`;
