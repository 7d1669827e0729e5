import Big from 'big.js';
import type { LedgerEntry, Payment, Provider } from '../../../pipelines/stand-ins/reconciliation/generated-payments.ts';

type Side = { readonly id: string; readonly amount: string; readonly currency: string };

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const byAmount = (a: Side, b: Side): number => new Big(a.amount).cmp(b.amount) || byBytes(a.id, b.id);

/**
 * The reconciliation without SQL, one reference at a time: each round takes entries in the order of amount and id, and gives each the first payment that fits.
 * Lines as in the generator's truth: provider, entry, payment, verdict.
 */
export function matchedByHand(
  ledger: readonly LedgerEntry[],
  payments: Readonly<Record<Provider, readonly Payment[]>>,
  tolerance: string,
): string[] {
  const lines: string[] = [];
  for (const provider of ['cards', 'bank'] as const) {
    const own = ledger.filter((entry) => entry.provider === provider);
    const references = new Set([...own, ...payments[provider]].map(({ reference }) => reference));
    for (const reference of references) {
      const entries = own
        .filter((one) => one.reference === reference)
        .map((one) => ({ ...one, id: one.entry_id }))
        .sort(byAmount);
      const paid = payments[provider]
        .filter((one) => one.reference === reference)
        .map((one) => ({ ...one, id: one.payment_id }))
        .sort(byAmount);
      let pairs = 0;
      const round = (
        fits: (entry: Side, payment: Side) => boolean,
        verdict: (entry: Side, payment: Side) => string,
      ) => {
        for (const entry of [...entries]) {
          const at = paid.findIndex((payment) => fits(entry, payment));
          const payment = paid[at];
          if (payment === undefined) continue;
          paid.splice(at, 1);
          entries.splice(entries.indexOf(entry), 1);
          pairs += 1;
          lines.push([provider, entry.id, payment.id, verdict(entry, payment)].join(' '));
        }
      };
      const differs = (entry: Side, payment: Side): string =>
        new Big(entry.amount).minus(payment.amount).abs().lte(tolerance) ? 'within_tolerance' : 'amount_differs';
      round(
        (entry, payment) => entry.currency === payment.currency && new Big(entry.amount).eq(payment.amount),
        () => 'matched',
      );
      round((entry, payment) => entry.currency === payment.currency, differs);
      round(
        () => true,
        () => 'currency_differs',
      );
      for (const { id } of entries)
        lines.push([provider, id, '', pairs > 0 ? 'duplicate_in_ledger' : 'missing_at_provider'].join(' '));
      for (const { id } of paid)
        lines.push([provider, '', id, pairs > 0 ? 'duplicate_at_provider' : 'missing_in_ledger'].join(' '));
    }
  }
  return lines.sort();
}
