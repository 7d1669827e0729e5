/** Decimal digits, with nothing else: DuckDB writes sums of DECIMAL and of whole numbers so. */
const plain = /^([+-]?)(\d*)(?:\.(\d+))?$/;

/** True if two numbers in text differ by at most `tolerance`. Plain decimals are compared with all their digits; if one is a DOUBLE with an exponent, NaN or infinite, as DOUBLE. */
export function differAtMost(one: string, other: string, tolerance: string): boolean {
  const texts = [one, other, tolerance];
  const scale = Math.max(...texts.map((text) => plain.exec(text)?.[3]?.length ?? 0));
  const whole = texts.map((text) => scaled(text, scale));
  const [a = null, b = null, most = null] = whole;
  if (a === null || b === null || most === null) return Math.abs(Number(one) - Number(other)) <= Number(tolerance);
  const difference = a > b ? a - b : b - a;
  return difference <= most;
}

const scaled = (text: string, scale: number): bigint | null => {
  const [all, sign, whole = '', fraction = ''] = plain.exec(text) ?? [];
  if (all === undefined || whole + fraction === '') return null;
  const digits = BigInt(`${whole}${fraction.padEnd(scale, '0')}`);
  return sign === '-' ? -digits : digits;
};
