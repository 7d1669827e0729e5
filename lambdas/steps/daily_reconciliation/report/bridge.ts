import { centText, parseMoney } from '../../quantities/money.ts';
import { type Total, type Verdict, verdicts } from './reconciliation.ts';

/** The way from the ledger's total to the provider's, for one provider and currency. Amounts are decimal text. */
export interface Bridge {
  readonly provider: string;
  readonly currency: string;
  readonly ledger: string;
  /** The amount that each verdict adds: provider − ledger. Verdicts without items are left out. */
  readonly parts: readonly { readonly status: Verdict; readonly items: number; readonly difference: string }[];
  readonly payments: string;
}

/** One bridge per provider and currency, in the order of the totals: `ledger` + all differences = `payments`, exactly. */
export function bridgesOf(totals: readonly Total[]): Bridge[] {
  const groups = Map.groupBy(totals, ({ provider, currency }) => JSON.stringify([provider, currency]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const sum = (amount: (total: Total) => string): bigint =>
      group.reduce((total, one) => total + parseMoney(amount(one)), 0n);
    const parts = (Object.keys(verdicts) as Verdict[]).flatMap((status) => {
      const own = group.find((total) => total.status === status);
      if (!own) return [];
      const difference = centText(parseMoney(own.provider_amount) - parseMoney(own.ledger_amount));
      return [{ status, items: own.items, difference }];
    });
    const { provider, currency } = first;
    return [
      {
        provider,
        currency,
        ledger: centText(sum((total) => total.ledger_amount)),
        parts,
        payments: centText(sum((total) => total.provider_amount)),
      },
    ];
  });
}
