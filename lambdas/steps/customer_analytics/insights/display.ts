/** How numbers look to people: British English, since that is what the pages are written in. All take decimal text, which Intl formats exactly. */
const locale = 'en-GB';

/** `£1,234.50` */
export const moneyText = (amount: string, currency: string): string =>
  new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amount as `${number}`);

/** `£1.23m`: for headlines and axes. */
export const shortMoney = (amount: string | number, currency: string): string =>
  new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    notation: 'compact',
    maximumSignificantDigits: 3,
  }).format(amount as `${number}`);

/** `12,345` */
export const countText = (count: number): string => new Intl.NumberFormat(locale).format(count);

/** `12.3%` of a fraction. */
export const percentText = (fraction: number): string =>
  new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(
    fraction,
  );

/** `1 customer`, `2,000 customers` */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : many}`;

/** `31 January 2026` */
export const dayText = (day: string, form: Intl.DateTimeFormatOptions = { dateStyle: 'long' }): string =>
  new Intl.DateTimeFormat(locale, { ...form, timeZone: 'UTC' }).format(new Date(day));

/** A range of days: one day alone when both ends are the same. */
export const rangeText = ({
  start_date,
  end_date,
}: {
  readonly start_date: string;
  readonly end_date: string;
}): string => (start_date === end_date ? dayText(start_date) : `${dayText(start_date)} – ${dayText(end_date)}`);
