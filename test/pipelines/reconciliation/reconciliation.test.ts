import Big from 'big.js';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ledgerColumns } from '../../../lambdas/steps/daily_reconciliation/extract-ledger.ts';
import { paymentColumns } from '../../../lambdas/steps/daily_reconciliation/payments.ts';
import { bridgesOf } from '../../../lambdas/steps/daily_reconciliation/report/bridge.ts';
import type { Total } from '../../../lambdas/steps/daily_reconciliation/report/reconciliation.ts';
import {
  generatedPayments,
  type LedgerEntry,
  type Payment,
  type Provider,
} from '../../../pipelines/stand-ins/reconciliation/generated-payments.ts';
import { sized } from '../../support/sized.ts';
import { PipelineQueries } from '../pipeline-queries.ts';
import { matchedByHand } from './matched-by-hand.ts';

const day = '2026-03-31';
let queries: PipelineQueries;
beforeAll(async () => {
  queries = await PipelineQueries.open('pipelines/daily_reconciliation.yaml');
});
afterAll(() => queries?.close());

const matched = async (ledger: readonly LedgerEntry[], payments: Readonly<Record<Provider, readonly Payment[]>>) => {
  await queries.define('extract_ledger.ledger', ledgerColumns, ledger);
  await queries.define('extract_card_payments.payments', paymentColumns, payments.cards);
  await queries.define('extract_bank_payments.payments', paymentColumns, payments.bank);
  const { datasets, result } = await queries.run('match_payments', { day });
  const lines = (datasets.items ?? []).map(({ provider, entry_id, payment_id, status }) =>
    [provider, entry_id ?? '', payment_id ?? '', status].join(' '),
  );
  return {
    lines: lines.sort(),
    items: datasets.items ?? [],
    totals: (datasets.totals ?? []) as unknown as Total[],
    result,
  };
};

test('every planted mistake gets its verdict, and nothing else has one', async () => {
  for (let seed = 1; seed <= sized(1, 40); seed += 1) {
    const { ledger, payments, truth } = generatedPayments(day, seed);
    const { lines, result } = await matched(ledger, payments);
    expect(lines, `seed ${seed}`).toEqual(truth);
    expect(result.entries).toBe(ledger.length);
    expect(result.payments).toBe(payments.cards.length + payments.bank.length);
    expect(result.open_items).toBe(truth.filter((line) => !/ (matched|within_tolerance)$/.test(line)).length);
  }
});

/** Few references and amounts, so that duplicates, crossed amounts and currencies meet. */
const side = fc.record({
  provider: fc.constantFrom('cards' as const, 'bank' as const),
  reference: fc.constantFrom('R1', 'R2', 'é'),
  amount: fc.constantFrom('1.00', '1.01', '1.02', '1.03', '-1.00', '9999999999999999.99'),
  currency: fc.constantFrom('EUR', 'USD'),
});

test('the verdicts on any items equal a calculation without SQL, and the bridges lead from total to total', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(side, { maxLength: 12 }), fc.array(side, { maxLength: 12 }), async (entries, paid) => {
      const ledger = entries.map((entry, index) => ({
        ...entry,
        entry_id: `e${index}`,
        booked_at: `${day}T10:00:00.000Z`,
      }));
      const of = (provider: Provider): Payment[] =>
        paid
          .filter((one) => one.provider === provider)
          .map(({ provider: _, ...one }, index) => ({ ...one, payment_id: `p${index}` }));
      const payments = { cards: of('cards'), bank: of('bank') };
      const { lines, items, totals } = await matched(ledger, payments);
      expect(lines).toEqual(matchedByHand(ledger, payments, '0.02'));
      for (const { ledger_amount, provider_amount, ledger_currency, provider_currency, difference } of items) {
        const crossed = ledger_currency !== null && provider_currency !== null && ledger_currency !== provider_currency;
        const exact = new Big(String(provider_amount ?? 0)).minus(String(ledger_amount ?? 0));
        expect(difference === null ? null : new Big(String(difference)).toFixed(2)).toBe(
          crossed ? null : exact.toFixed(2),
        );
      }
      const sum = (amounts: readonly string[]): string =>
        amounts.reduce((total, one) => total.plus(one), new Big(0)).toFixed(2);
      for (const { provider, currency, ledger: start, parts, payments: end } of bridgesOf(totals)) {
        const in_ = <Of extends { currency: string; amount: string }>(list: readonly Of[]): string =>
          sum(list.filter((one) => one.currency === currency).map(({ amount }) => amount));
        expect(new Big(start).toFixed(2)).toBe(in_(ledger.filter((one) => one.provider === provider)));
        expect(new Big(end).toFixed(2)).toBe(in_(payments[provider as Provider]));
        expect(sum([start, ...parts.map(({ difference }) => difference)])).toBe(new Big(end).toFixed(2));
      }
      expect(totals.reduce((count, one) => count + one.items, 0)).toBe(items.length);
    }),
    { numRuns: sized(6, 150) },
  );
});
