/** The verdicts in the order of a page, with the words of people. */
export const verdicts = {
  matched: 'Matched',
  within_tolerance: 'Within tolerance',
  amount_differs: 'Amount differs',
  currency_differs: 'Currency differs',
  missing_at_provider: 'Missing at the provider',
  missing_in_ledger: 'Missing in the ledger',
  duplicate_at_provider: 'Twice at the provider',
  duplicate_in_ledger: 'Twice in the ledger',
} as const;

/** The verdict on an item. */
export type Verdict = keyof typeof verdicts;

/** Verdicts that need no person. */
export const settled: ReadonlySet<Verdict> = new Set(['matched', 'within_tolerance']);

/** A row of the dataset `items`. Amounts are decimal text. */
export interface Item {
  readonly provider: string;
  readonly reference: string;
  readonly status: Verdict;
  readonly entry_id: string | null;
  readonly payment_id: string | null;
  readonly ledger_currency: string | null;
  readonly provider_currency: string | null;
  readonly ledger_amount: string | null;
  readonly provider_amount: string | null;
  /** provider − ledger; null between two currencies. */
  readonly difference: string | null;
}

/** A row of the dataset `totals`. */
export interface Total {
  readonly provider: string;
  readonly currency: string;
  readonly status: Verdict;
  readonly items: number;
  readonly ledger_amount: string;
  readonly provider_amount: string;
}

/** The result of match_payments. */
export type Counts = {
  readonly items: number;
  readonly matched: number;
  readonly within_tolerance: number;
  readonly open_items: number;
  readonly entries: number;
  readonly payments: number;
};

/** All that a report shows. */
export interface Reconciliation {
  readonly day: string;
  /** Decimal text. */
  readonly tolerance: string;
  readonly counts: Counts;
  readonly totals: readonly Total[];
  /** Open items, the greatest amounts first; at most as many as the page lists. */
  readonly open: readonly Item[];
}
