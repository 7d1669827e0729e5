/** Parses moments strictly: only ISO 8601 with a zone, and only days and times that exist. */

const form = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?:Z|[+-](\d\d):?(\d\d))$/;

/** An example for messages about text that is not a moment. */
export const instantExample = '2026-01-31T01:00:00Z';

/**
 * Returns the milliseconds since 1970 of a moment such as `2026-01-31T01:00:00Z` or `2026-01-31T02:00+01:00`. Null for any other text, a missing zone, or a day
 * or time that does not exist.
 */
export function parseInstant(text: string): number | null {
  const parts = form.exec(text);
  if (!parts) return null;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '0', ...offset] = parts;
  const sizes = [hour, minute, second, ...offset].map((part) => Number(part ?? 0));
  const most = [23, 59, 59, 23, 59];
  if (!isDay(`${year}-${month}-${day}`) || sizes.some((size, index) => size > (most[index] ?? 0))) return null;
  const instant = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(instant) ? null : instant;
}

/** True if a text is a day of the calendar: `2026-02-28` is one, `2026-02-30` is not. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const instant = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
}
