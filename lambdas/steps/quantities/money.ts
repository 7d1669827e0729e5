/**
 * Exact money: a whole number of ten-thousandths of the currency unit, as a bigint. Sums and comparisons are exact; only `ratio` rounds.
 * Four decimals, because unit prices below one cent are real. It is also the scale of the datasets' DECIMAL(18,4) columns.
 */
export type Money = bigint;

const scale = 4;
const one = 10n ** BigInt(scale);
const shape = /^(-?)(\d+)(?:\.(\d+))?$/;

/** Parses decimal text such as `12.5` or `-0.0625`. Throws a RangeError for anything else, and for more than four decimals unless the rest are zeros. */
export function parseMoney(text: string): Money {
  const [, sign, whole, fraction = ''] = shape.exec(text) ?? [];
  const significant = fraction.replace(/0+$/, '');
  if (whole === undefined || significant.length > scale) {
    throw new RangeError(`${JSON.stringify(text)} is not an amount with at most ${scale} decimals`);
  }
  const amount = BigInt(whole) * one + BigInt(significant.padEnd(scale, '0'));
  return sign === '-' ? -amount : amount;
}

/** The amount rounded half up to two decimals, for people. */
export function centText(money: Money): string {
  return ratio(money, one, 2);
}

/** numerator / denominator as decimal text with `decimals` decimals, rounded half up (a tie goes away from zero). The denominator must be positive. */
export function ratio(numerator: bigint, denominator: bigint, decimals: number): string {
  if (denominator <= 0n) throw new RangeError(`a ratio needs a positive denominator, not ${denominator}`);
  const scaled = (numerator < 0n ? -numerator : numerator) * 10n ** BigInt(decimals);
  const rounded = (2n * scaled + denominator) / (2n * denominator);
  return decimalText(numerator < 0n ? -rounded : rounded, decimals);
}

/** Money divided by a count, rounded half up to two decimals; the count must be positive. */
export function perUnit(money: Money, count: number): string {
  return ratio(money, BigInt(count) * one, 2);
}

/** A whole number of currency units as money. */
export function units(whole: number): Money {
  return BigInt(whole) * one;
}

const decimalText = (digits: bigint, decimals: number): string => {
  const text = (digits < 0n ? -digits : digits).toString().padStart(decimals + 1, '0');
  const point = text.length - decimals;
  return `${digits < 0n ? '-' : ''}${text.slice(0, point)}${decimals > 0 ? `.${text.slice(point)}` : ''}`;
};
