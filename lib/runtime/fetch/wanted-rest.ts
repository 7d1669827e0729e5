/** Headers of limits: how many requests are left, and the seconds or the moment at which there are more. */
const limits: readonly (readonly [remaining: string, reset: string])[] = [
  ['x-ratelimit-remaining', 'x-ratelimit-reset'],
  ['x-rate-limit-remaining', 'x-rate-limit-reset'],
  ['ratelimit-remaining', 'ratelimit-reset'],
];

/** Headers that ask for a rest in milliseconds. */
const inMilliseconds = ['retry-after-ms', 'x-ms-retry-after-ms'];

/** Numbers above it are moments in seconds since 1970, and a thousand times above it moments in milliseconds. */
const leastMoment = 1_000_000_000;

/**
 * The rest that an answer asks for, in whole seconds, rounded up; null when it asks for none. `Retry-After` counts most; without it the headers of a limit count that is used up. `now` is in
 * milliseconds.
 */
export function wantedRest(headers: Headers, now: number): number | null {
  const asked = retryAfter(headers.get('retry-after') ?? '', now);
  if (asked !== null) return asked;
  for (const name of inMilliseconds) {
    const milliseconds = decimal(headers.get(name));
    if (milliseconds !== null) return Math.ceil(milliseconds / 1000);
  }
  return resetOfLimit(headers, now);
}

/** True if an answer says that no request is left for now. */
export function isLimitUsedUp(headers: Headers): boolean {
  return limits.some(([remaining]) => decimal(headers.get(remaining)) === 0) || combinedLimit(headers) !== null;
}

function retryAfter(text: string, now: number): number | null {
  const seconds = decimal(text) ?? secondsUntil(httpDate(text.trim()), now);
  return seconds === null ? null : Math.ceil(seconds);
}

function resetOfLimit(headers: Headers, now: number): number | null {
  for (const [remaining, reset] of limits) {
    const value = decimal(headers.get(reset));
    if (value === null || decimal(headers.get(remaining)) !== 0) continue;
    if (value < leastMoment) return Math.ceil(value);
    return Math.ceil(secondsUntil(value < leastMoment * 1000 ? value * 1000 : value, now) ?? 0);
  }
  return combinedLimit(headers);
}

/** `RateLimit: "default";r=0;t=50`, or in earlier drafts `limit=100, remaining=0, reset=50`: the seconds, where nothing remains. */
function combinedLimit(headers: Headers): number | null {
  const text = headers.get('ratelimit') ?? '';
  const [, seconds] = /\bt=(\d+)/.exec(text) ?? /\breset=(\d+)/.exec(text) ?? [];
  return seconds !== undefined && /\b(?:r|remaining)=0\b/.test(text) ? Number(seconds) : null;
}

/** A number that is written in plain digits, with a fraction or without. */
function decimal(text: string | null): number | null {
  return text !== null && /^\s*\d{1,15}(?:\.\d+)?\s*$/.test(text) ? Number(text) : null;
}

function secondsUntil(moment: number | null, now: number): number | null {
  return moment === null ? null : Math.max(0, (moment - now) / 1000);
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The three forms of RFC 9110. Date.parse takes many more texts for dates, "1.5" among them. */
const dateForms = [
  /^\w{3}, (?<day>\d\d) (?<month>\w{3}) (?<year>\d{4}) (?<time>\d\d:\d\d:\d\d) GMT$/,
  /^\w{6,9}, (?<day>\d\d)-(?<month>\w{3})-(?<year>\d\d) (?<time>\d\d:\d\d:\d\d) GMT$/,
  /^\w{3} (?<month>\w{3}) (?<day>[ \d]\d) (?<time>\d\d:\d\d:\d\d) (?<year>\d{4})$/,
];

function httpDate(text: string): number | null {
  for (const form of dateForms) {
    const { day = '', month = '', year = '', time = '' } = form.exec(text)?.groups ?? {};
    if (!months.includes(month)) continue;
    const monthNumber = String(months.indexOf(month) + 1).padStart(2, '0');
    const fullYear = year.length === 2 ? `20${year}` : year;
    const moment = Date.parse(`${fullYear}-${monthNumber}-${day.replace(' ', '0')}T${time}Z`);
    // Date.parse makes March 3rd of February 31st.
    if (new Date(moment).getUTCDate() === Number(day)) return moment;
  }
  return null;
}
