/** The form of a Timestamp, for messages. */
export const rfc3339 = "a timestamp like '2026-01-31T01:00:00Z'";

const pattern = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Milliseconds since 1970 of an RFC 3339 timestamp with `T` and an upper-case `Z` or an offset; null for anything else, days that do not exist included. */
export function instantOf(text: string): number | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const [, year, month, day, fraction = ''] = match;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (date.getUTCMonth() + 1 !== Number(month) || date.getUTCDate() !== Number(day)) return null;
  const instant = Date.parse(text.replace(fraction, fraction.slice(0, 4)));
  return Number.isNaN(instant) ? null : instant;
}
