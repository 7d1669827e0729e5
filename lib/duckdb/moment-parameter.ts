const moment =
  /^(?<seconds>\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)(?:\.(?<fraction>\d{1,6})0*)?(?<sign>[+-])(?<hours>\d\d):?(?<minutes>\d\d)?$/;

/**
 * Returns the microseconds since 1970 of a text that is a moment with an offset from UTC, such as 2026-01-31T12:00:00+02:00; null for any other text. DuckDB
 * ignores the offset when it compares such a text with a TIMESTAMP. A text that ends with Z is a moment in UTC either way.
 */
export function microsecondsOf(text: string): bigint | null {
  const { seconds = '', fraction = '', sign, hours, minutes = '00' } = moment.exec(text)?.groups ?? {};
  const start = Date.parse(`${seconds.replace(' ', 'T')}Z`);
  if (Number.isNaN(start) || Number(hours) > 23 || Number(minutes) > 59) return null;
  // Date.parse reads February 30th as March 2nd.
  if (!new Date(start).toISOString().startsWith(seconds.slice(0, 10))) return null;
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  return BigInt(start - offset) * 1000n + BigInt(fraction.padEnd(6, '0'));
}
