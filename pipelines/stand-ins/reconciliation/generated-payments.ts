import { type Random, seededRandom } from '../random.ts';

/** A payment provider of the pipeline. */
export type Provider = 'cards' | 'bank';

/** The verdict on an item, as the pipeline should give it. */
type Verdict =
  | 'matched'
  | 'within_tolerance'
  | 'amount_differs'
  | 'currency_differs'
  | 'missing_at_provider'
  | 'missing_in_ledger'
  | 'duplicate_at_provider'
  | 'duplicate_in_ledger';

/** An entry of the ledger. Amounts are decimal text. */
export interface LedgerEntry {
  readonly entry_id: string;
  readonly provider: Provider;
  readonly reference: string;
  /** ISO 8601 UTC, on the generated day. */
  readonly booked_at: string;
  readonly amount: string;
  readonly currency: string;
}

/** A payment as its provider reports it. */
export interface Payment {
  readonly payment_id: string;
  readonly reference: string;
  readonly amount: string;
  readonly currency: string;
}

/** A day of payments and what is wrong with them. */
export interface GeneratedPayments {
  readonly ledger: readonly LedgerEntry[];
  readonly payments: Readonly<Record<Provider, readonly Payment[]>>;
  /** The planted verdicts: provider, entry (or ''), payment (or ''), verdict, joined by spaces; sorted. */
  readonly truth: readonly string[];
}

/** Items per provider and verdict. */
const planted: Readonly<Record<Provider, Readonly<Record<Verdict, number>>>> = {
  cards: {
    matched: 400,
    within_tolerance: 7,
    amount_differs: 4,
    currency_differs: 1,
    missing_at_provider: 5,
    missing_in_ledger: 4,
    duplicate_at_provider: 3,
    duplicate_in_ledger: 1,
  },
  bank: {
    matched: 160,
    within_tolerance: 3,
    amount_differs: 2,
    currency_differs: 1,
    missing_at_provider: 3,
    missing_in_ledger: 2,
    duplicate_at_provider: 1,
    duplicate_in_ledger: 0,
  },
};

/** The largest difference that is the providers' rounding, in cents; the template has the same. */
const toleranceCents = 2;

/** Payments of a day with known mistakes: the same for the same day and seed on every machine. */
export function generatedPayments(day: string, seed = 1): GeneratedPayments {
  const random = seededRandom(seed);
  const ledger: LedgerEntry[] = [];
  const payments: Record<Provider, Payment[]> = { cards: [], bank: [] };
  const truth: string[] = [];
  const mark = day.slice(5).replace('-', '');
  for (const provider of ['cards', 'bank'] as const) {
    for (const [index, verdict] of shuffled(verdictsOf(provider), random).entries()) {
      const reference = `INV-${mark}-${provider === 'cards' ? 'C' : 'B'}${String(index + 1).padStart(3, '0')}`;
      for (const side of sidesOf(verdict, random)) {
        const entry_id = side.entry && `E${mark}-${String(ledger.length + 1).padStart(4, '0')}`;
        const payment_id =
          side.payment &&
          `${provider === 'cards' ? 'ch' : 'tr'}_${mark}_${String(payments[provider].length + 1).padStart(4, '0')}`;
        const booked_at = new Date(Date.parse(day) + random.between(0, 86_399) * 1_000).toISOString();
        if (entry_id) ledger.push({ entry_id, provider, reference, booked_at, ...amountOf(side.entry) });
        if (payment_id) payments[provider].push({ payment_id, reference, ...amountOf(side.payment) });
        truth.push([provider, entry_id ?? '', payment_id ?? '', side.verdict].join(' '));
      }
    }
  }
  return {
    ledger,
    payments: { cards: shuffled(payments.cards, random), bank: shuffled(payments.bank, random) },
    truth: truth.sort(),
  };
}

interface Amount {
  readonly cents: number;
  readonly currency: string;
}

/** An item: its entry, its payment, or both. */
interface Sides {
  readonly verdict: Verdict;
  readonly entry?: Amount;
  readonly payment?: Amount;
}

const verdictsOf = (provider: Provider): Verdict[] =>
  Object.entries(planted[provider]).flatMap(([verdict, count]) => Array<Verdict>(count).fill(verdict as Verdict));

/** The items of one reference. */
const sidesOf = (verdict: Verdict, random: Random): Sides[] => {
  const most = random.pick([9_999, 250_000], (one) => (one < 10_000 ? 4 : 1));
  const amount = { cents: random.between(199, most), currency: random.next() < 0.85 ? 'EUR' : 'USD' };
  const sign = random.next() < 0.5 ? -1 : 1;
  const pair = { verdict: 'matched', entry: amount, payment: amount } as const;
  const off = (low: number, high: number): Sides[] => [
    { verdict, entry: amount, payment: { ...amount, cents: amount.cents + sign * random.between(low, high) } },
  ];
  // An invoice that is paid in two parts: two items with one reference, both in order.
  const part = { ...amount, cents: amount.cents + 1 };
  const parts: Sides[] = random.next() < 0.03 ? [{ verdict: 'matched', entry: part, payment: part }] : [];
  const kinds: Readonly<Record<Verdict, () => Sides[]>> = {
    matched: () => [pair, ...parts],
    within_tolerance: () => off(1, toleranceCents),
    amount_differs: () => off(toleranceCents + 1, 150),
    currency_differs: () => [
      { verdict, entry: amount, payment: { ...amount, currency: amount.currency === 'EUR' ? 'USD' : 'EUR' } },
    ],
    missing_at_provider: () => [{ verdict, entry: amount }],
    missing_in_ledger: () => [{ verdict, payment: amount }],
    // The second of two equal ones is too much: pairs form in the order of ids.
    duplicate_at_provider: () => [pair, { verdict, payment: amount }],
    duplicate_in_ledger: () => [pair, { verdict, entry: amount }],
  };
  return kinds[verdict]();
};

/** The sum of decimal texts with two places, exactly. */
export function controlTotal(payments: readonly Payment[]): string {
  return decimal(payments.reduce((sum, { amount }) => sum + Math.round(Number(amount) * 100), 0));
}

const amountOf = (amount: Amount | undefined): { readonly amount: string; readonly currency: string } => ({
  amount: decimal(amount?.cents ?? 0),
  currency: amount?.currency ?? '',
});

const decimal = (cents: number): string => (cents / 100).toFixed(2);

const shuffled = <Item>(items: readonly Item[], random: Random): Item[] =>
  items
    .map((item) => ({ item, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
