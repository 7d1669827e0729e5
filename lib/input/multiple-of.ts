/**
 * True if a number is a whole multiple of another, as decimals: 19.99 is a multiple of 0.01, although division of doubles says otherwise. Both count as the
 * shortest decimal that reads back as the same number.
 */
export function isMultipleOf(value: number, of: number): boolean {
  const [a, b] = [decimalOf(value), decimalOf(of)];
  const places = Math.max(a.places, b.places);
  const units = (decimal: Decimal): bigint => decimal.digits * 10n ** BigInt(places - decimal.places);
  const divisor = units(b);
  return divisor !== 0n && units(a) % divisor === 0n;
}

/** `digits` divided by ten to the power of `places`. */
interface Decimal {
  readonly digits: bigint;
  readonly places: number;
}

function decimalOf(value: number): Decimal {
  const [, sign = '', whole = '0', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  const digits = BigInt(`${sign}${whole}${fraction}`);
  const places = fraction.length - Number(exponent);
  return places >= 0 ? { digits, places } : { digits: digits * 10n ** BigInt(-places), places: 0 };
}
