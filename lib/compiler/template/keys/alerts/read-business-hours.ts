import type { BusinessHours } from '../../../../contract/events/alert-settings.ts';
import { isDay } from '../../../../input/instant.ts';
import { timeZone } from '../../schedule/time-zones.ts';
import type { Reading } from '../../tree/reading.ts';
import { describe, quote, type Tree } from '../../tree/tree.ts';
import { type Key, type KeyTable, type Reader, take, takes } from '../key-table.ts';
import { readMapping, requireKeys } from '../read-mapping.ts';

/** In the order of JavaScript: Sunday is 0. */
const dayNames = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

const dayOf = (text: string): number => {
  const word = text.toLowerCase();
  return word.length < 3 ? -1 : dayNames.findIndex((name) => name === word || name.slice(0, 3) === word);
};

/** `mon`, `monday`, or a range `mon-fri`, which may run over the end of the week. */
function daysIn(text: string): number[] | null {
  const [from = '', to = from, ...more] = text.split('-').map((part) => dayOf(part.trim()));
  if (typeof from !== 'number' || typeof to !== 'number' || from < 0 || to < 0 || more.length > 0) return null;
  return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, index) => (from + index) % 7);
}

const items = (value: Tree): readonly Tree[] => (value.kind === 'list' ? value.items : [value]);
const textOf = (value: Tree): string => (value.kind === 'scalar' ? value.text : '');
const shown = (value: Tree): string => (value.kind === 'scalar' ? quote(value.text) : describe(value));

const anyText = { type: ['string', 'number', 'boolean'] };
const textOrTexts = { anyOf: [anyText, { type: 'array', items: anyText }] };

const weekdays: Reader<number[]> = takes(textOrTexts, (value, reading, key) => {
  const days = new Set<number>();
  for (const item of items(value)) {
    const found = daysIn(textOf(item));
    if (found) for (const day of found) days.add(day);
    else reading.say('BAD_VALUE', item.range, `"${key}" has ${shown(item)}; write days like mon, tue or mon-fri`);
  }
  if (days.size === 0 && items(value).length === 0)
    reading.say('BAD_VALUE', value.range, `"${key}" is empty; write days like mon-fri`);
  return [...days].sort((a, b) => a - b);
});

/** A time of day in minutes; 24:00 is the end of the day. */
const timeOfDay: Reader<number> = takes(anyText, (value, reading, key) => {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(textOf(value)) ?? [];
  const time = Number(hours) * 60 + Number(minutes);
  if (Number(minutes) < 60 && time <= 1440) return time;
  reading.say('BAD_VALUE', value.range, `"${key}" is ${shown(value)}; write a time of day like "09:00"`);
  return null;
});

const zone: Reader<string> = takes(anyText, (value, reading) => {
  const found = timeZone(textOf(value));
  if ('zone' in found) return found.zone;
  reading.say('UNKNOWN_TIMEZONE', value.range, `${shown(value)} is not a time zone${found.hint}`);
  return null;
});

const dates: Reader<string[]> = takes(textOrTexts, (value, reading, key) =>
  items(value).flatMap((item) => {
    const text = textOf(item);
    if (isDay(text)) return [text];
    reading.say('BAD_VALUE', item.range, `"${key}" has ${shown(item)}; write dates like 2026-12-25`);
    return [];
  }),
);

const days = {
  name: 'days',
  means: 'days on which they begin, like `mon-fri` (default) or `[mon, thu]`',
  read: weekdays,
} satisfies Key;
const from = {
  name: 'from',
  means: 'time of day at which they begin, like `"09:00"` (default)',
  read: timeOfDay,
} satisfies Key;
const to = {
  name: 'to',
  means: 'time of day at which they end, like `"17:00"` (default); not later than `from`: they end on the next day',
  read: timeOfDay,
} satisfies Key;
const timezone = { name: 'timezone', means: 'IANA name of the zone', required: true, read: zone } satisfies Key;
const holidays = {
  name: 'holidays',
  means: 'dates on which they do not begin, like `[2026-12-25]`',
  read: dates,
} satisfies Key;

/** Keys of `business_hours`. */
export const businessHoursKeys: KeyTable = { of: '"business_hours"', keys: [days, from, to, timezone, holidays] };

/** Monday to Friday from nine to five: an alert that can wait reaches people who are at work. UTC is the zone of all times that Daybreak shows. */
export const defaultBusinessHours: BusinessHours = {
  days: [1, 2, 3, 4, 5],
  from: 9 * 60,
  to: 17 * 60,
  timezone: 'UTC',
  holidays: [],
};

/** The hours in which alerts that can wait are sent. */
export const businessHours: Reader<BusinessHours> = takes(
  (of) => of(businessHoursKeys),
  (value, reading) => {
    const map = readMapping(value, businessHoursKeys, reading);
    requireKeys(value, businessHoursKeys, reading);
    if (map === null) return null;
    const read = {
      days: take(map, days, reading) ?? defaultBusinessHours.days,
      from: take(map, from, reading) ?? defaultBusinessHours.from,
      to: take(map, to, reading) ?? defaultBusinessHours.to,
      timezone: take(map, timezone, reading) ?? defaultBusinessHours.timezone,
      holidays: take(map, holidays, reading) ?? [],
    };
    checkTimes(read, { map, reading });
    return read;
  },
);

function checkTimes(
  { from: start, to: end }: BusinessHours,
  { map, reading }: { readonly map: Tree; readonly reading: Reading },
): void {
  const at = map.kind === 'map' ? (map.entries.get('to') ?? map.entries.get('from'))?.value.range : undefined;
  if (start === end)
    reading.say(
      'BAD_VALUE',
      at ?? map.range,
      '"from" and "to" are the same time; for the whole day write "00:00" and "24:00"',
    );
  else if (start === 1440)
    reading.say('BAD_VALUE', at ?? map.range, '"from" is "24:00"; write "00:00" and the next day');
}
