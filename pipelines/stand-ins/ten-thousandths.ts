/** Amounts as a bigint of ten-thousandths, so that sums of Quantity × UnitPrice are exact. */
const shape = /^(-?)(\d{1,14})(?:\.(\d{1,4})0*)?$/;

/** The amount of decimal text; null if it is not a decimal number with at most four decimals. */
export function tenThousandths(text: string): bigint | null {
  const [, sign, whole, fraction = ''] = shape.exec(text) ?? [];
  if (whole === undefined) return null;
  const amount = BigInt(whole + fraction.padEnd(4, '0'));
  return sign === '-' ? -amount : amount;
}

/** Decimal text of an amount, always with four decimals. */
export function decimalOf(amount: bigint): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(5, '0');
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
}
