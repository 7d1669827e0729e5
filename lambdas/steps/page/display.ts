/** Numbers as people read them, in British English like the pages. All functions take decimal text, which Intl formats exactly. */
const locale = 'en-GB';

const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

/** A formatter, made once for its options: making one takes longer than a hundred uses. */
const kept = <Format extends Intl.NumberFormat | Intl.DateTimeFormat>(options: object, make: () => Format): Format => {
  const key = JSON.stringify(options);
  const format = (formats.get(key) as Format | undefined) ?? make();
  formats.set(key, format);
  return format;
};

const numbers = (options: Intl.NumberFormatOptions = {}): Intl.NumberFormat =>
  kept({ numbers: options }, () => new Intl.NumberFormat(locale, options));

const days = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  kept({ days: options }, () => new Intl.DateTimeFormat(locale, options));

/** `£1,234.50` */
export function moneyText(amount: string, currency: string): string {
  return numbers({ style: 'currency', currency }).format(amount as `${number}`);
}

/** `1,234.50`: decimal text with as many decimals as named, for amounts whose currency comes from data. */
export function decimalText(amount: string | number, decimals = 2): string {
  const form = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return numbers(form)
    .format(amount as `${number}`)
    .replace('-', '−');
}

/** `£1.23m`, for headlines and axes. */
export function shortMoney(amount: string | number, currency: string): string {
  return numbers({
    style: 'currency',
    currency,
    notation: 'compact',
    maximumSignificantDigits: 3,
  }).format(amount as `${number}`);
}

/** `12,345` */
export function countText(count: number): string {
  return numbers().format(count);
}

/** Formats a fraction as `12.3%`. */
export function percentText(fraction: number): string {
  return numbers({ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(fraction);
}

/** `1 customer`, `2,000 customers` */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/** `31 January 2026` */
export function dayText(day: string, form: Intl.DateTimeFormatOptions = { dateStyle: 'long' }): string {
  return days({ ...form, timeZone: 'UTC' }).format(new Date(day));
}

/** `Tuesday, 7 June 2011` */
export function weekdayText(day: string): string {
  const weekday = dayText(day, { weekday: 'long' });
  return `${weekday}, ${dayText(day)}`;
}

/** `+12.3%`, `−4.0%`; a minus sign, not a hyphen. */
export function changeText(fraction: number): string {
  const form = {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
    signDisplay: 'exceptZero',
  } as const;
  return numbers(form).format(fraction).replace('-', '−');
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
