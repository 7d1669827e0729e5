import type { Judged } from './kupiec.ts';

/** A row of the dataset `risks`. Amounts are decimal text in euro. */
export interface Risk {
  readonly desk: string;
  readonly scenarios: number;
  readonly worst: number;
  readonly value_at_risk: string;
  readonly expected_shortfall: string;
}

/** A row of the dataset `statements`. */
export interface Statement {
  readonly desk: string;
  readonly day: string;
  readonly value_at_risk: string;
  readonly profit: string;
  readonly exceeded: boolean;
}

/** All that the page shows. */
export interface RiskReport {
  readonly as_of: string;
  /** Decimal text. */
  readonly confidence: string;
  readonly portfolio: {
    readonly positions: number;
    readonly value: string;
    readonly equities: string;
    readonly bonds: string;
  };
  readonly totals: {
    readonly value_at_risk: string;
    readonly expected_shortfall: string;
    readonly diversification: string;
  };
  readonly risks: readonly Risk[];
  readonly judged: readonly (Judged & { readonly desk: string })[];
  /** Of both desks together, by day. */
  readonly statements: readonly Statement[];
  /** The greatest losses of both desks together. */
  readonly worst: readonly { readonly day: string; readonly profit: string }[];
}
