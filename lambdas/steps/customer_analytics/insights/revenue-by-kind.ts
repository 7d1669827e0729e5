import { centText, type Money, parseMoney } from '../../quantities/money.ts';

/** The sources of revenue. The three parts add up to it, to the cent. */
export type RevenueByKind = {
  readonly products: string;
  readonly shipping_and_fees: string;
  /** Order totals minus order lines, such as a discount on a whole order; also what rounding to cents leaves. */
  readonly other: string;
};

/** Splits revenue by the sums of its order lines. All amounts are exact text. */
export function revenueByKind(revenue: string, products: string, charges: string): RevenueByKind {
  const [all, ...parts] = [revenue, products, charges].map((text) => parseMoney(centText(parseMoney(text))));
  const rest = parts.reduce((left: Money, part) => left - part, all ?? 0n);
  const [ofProducts = 0n, ofCharges = 0n] = parts;
  return { products: centText(ofProducts), shipping_and_fees: centText(ofCharges), other: centText(rest) };
}
