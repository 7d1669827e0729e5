/** Numbers as people read them, in British English like the pages. All functions take decimal text, which Intl formats exactly. */
const locale = 'en-GB';

/** `£1,234.50` */
export function moneyText(amount: string, currency: string): string {
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amount as `${number}`);
}

/** `£1.23m`, for headlines and axes. */
export function shortMoney(amount: string | number, currency: string): string {
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    notation: 'compact',
    maximumSignificantDigits: 3,
  }).format(amount as `${number}`);
}

/** `12,345` */
export function countText(count: number): string {
  return new Intl.NumberFormat(locale).format(count);
}

/** Formats a fraction as `12.3%`. */
export function percentText(fraction: number): string {
  return new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(
    fraction,
  );
}

/** `1 customer`, `2,000 customers` */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/** `31 January 2026` */
export function dayText(day: string, form: Intl.DateTimeFormatOptions = { dateStyle: 'long' }): string {
  return new Intl.DateTimeFormat(locale, { ...form, timeZone: 'UTC' }).format(new Date(day));
}

/** A range of days; a single day if both ends are equal. */
export function rangeText({
  start_date,
  end_date,
}: {
  readonly start_date: string;
  readonly end_date: string;
}): string {
  return start_date === end_date ? dayText(start_date) : `${dayText(start_date)} – ${dayText(end_date)}`;
}
