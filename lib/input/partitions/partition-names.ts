/** Names of partitions, and the partitions that they name: `2026-11-29T13`, `2026-11-29`, `2026-W48`, `2026-11`. Each partition has exactly one name. */
import { addDays, addMonths, dayOf, monthStart, weekStart } from '../calendar.ts';
import { isDay } from '../instant.ts';
import { offsetAt, wallTime } from '../zone-clock.ts';
import type { Partition, PartitionKind, PartitionRule } from './partition.ts';
import { type HourBounds, hoursAt, startOfDay } from './partition-bounds.ts';

const hour = 3_600_000;

/** Before 1970 clocks of many places were not set by whole minutes. */
const firstYear = '1970';

interface Form {
  readonly pattern: RegExp;
  /** For messages. */
  readonly example: string;
}

const forms: Readonly<Record<PartitionKind, Form>> = {
  hour: { pattern: /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3])([+-]\d\d:\d\d(?::\d\d)?)?$/, example: '2026-11-29T13' },
  day: { pattern: /^(\d{4}-\d\d-\d\d)$/, example: '2026-11-29' },
  week: { pattern: /^(\d{4})-W(\d\d)$/, example: '2026-W48' },
  month: { pattern: /^(\d{4})-(0[1-9]|1[0-2])$/, example: '2026-11' },
};

/** A name that means no partition, and why. */
export interface NotAPartition {
  /** Follows the name in a message: `is no day: ...`. */
  readonly problem: string;
}

/** An example of a name, for messages. */
export function exampleOf(by: PartitionKind): string {
  return forms[by].example;
}

/** Returns the partition with a name, or the reason why there is none. */
export function partitionNamed(name: string, { by, timezone, start }: PartitionRule): Partition | NotAPartition {
  const parts = forms[by].pattern.exec(name);
  if (!parts) return { problem: `is no ${by}; write it like "${forms[by].example}"` };
  if (name < firstYear) return { problem: `lies before ${firstYear}` };
  const found = by === 'hour' ? hourNamed(name, parts, timezone) : daysNamed(name, parts, { by, timezone });
  if ('problem' in found || start === undefined || start === name) return found;
  const first = partitionNamed(start, { by, timezone });
  return 'problem' in first || first.start <= found.start
    ? found
    : { problem: `lies before the first ${by} of the pipeline, "${start}"` };
}

/** Returns the partition in which a moment (milliseconds since 1970) lies. The rule's first partition does not count. */
export function partitionAt(instant: number, { by, timezone }: PartitionRule): Partition {
  if (by === 'hour') return hourAt(instant, timezone);
  const day = dayOf(new Date(instant).toISOString(), timezone);
  const first = { day, week: weekStart(day), month: monthStart(day) }[by];
  // A clock that goes back over midnight shows the day before again: the moment then lies in the day that has begun.
  const candidates = [first, following(first, by), preceding(first, by)].map((one) => fromDay(one, by, timezone));
  const found = candidates.find(({ start, end }) => Date.parse(start) <= instant && instant < Date.parse(end));
  if (!found) throw new RangeError(`no ${by} of ${timezone} has the moment ${new Date(instant).toISOString()}`);
  return found;
}

/** Returns the partition that ended last at or before a moment. */
export function lastComplete(moment: number, rule: PartitionRule): Partition {
  return partitionAt(Date.parse(partitionAt(moment, rule).start) - 1, rule);
}

function daysNamed(
  name: string,
  [, year = '', part = '']: RegExpExecArray,
  { by, timezone }: { readonly by: Exclude<PartitionKind, 'hour'>; readonly timezone: string },
): Partition | NotAPartition {
  if (by === 'day' && !isDay(name)) return { problem: 'is no day of the calendar' };
  const first = by === 'day' ? name : by === 'month' ? `${name}-01` : mondayOf(Number(year), Number(part));
  if (first === null) return { problem: `is no week: ${year} has the weeks W01 to W${weeksOf(Number(year))}` };
  const found = fromDay(first, by, timezone);
  return found.start < found.end ? found : { problem: `does not exist in ${timezone}, whose clock skipped it` };
}

/** The partition that begins with a day. */
function fromDay(first: string, by: Exclude<PartitionKind, 'hour'>, timezone: string): Partition {
  const name = by === 'day' ? first : by === 'month' ? first.slice(0, 7) : weekOf(first);
  return { name, start: iso(startOfDay(first, timezone)), end: iso(startOfDay(following(first, by), timezone)) };
}

const following = (first: string, by: PartitionKind): string =>
  by === 'month' ? addMonths(first, 1) : addDays(first, by === 'week' ? 7 : 1);

const preceding = (first: string, by: PartitionKind): string =>
  by === 'month' ? addMonths(first, -1) : addDays(first, by === 'week' ? -7 : -1);

/** The Monday of an ISO week: week 1 has January 4th. Null for a week that the year does not have. */
function mondayOf(year: number, week: number): string | null {
  return week < 1 || week > weeksOf(year) ? null : addDays(weekStart(`${four(year)}-01-04`), (week - 1) * 7);
}

const weeksOf = (year: number): number => Number(weekOf(weekStart(`${four(year)}-12-28`)).slice(-2));

/** The name of the ISO week that begins with a Monday: it belongs to the year of its Thursday. */
function weekOf(monday: string): string {
  const thursday = addDays(monday, 3);
  const days = (Date.parse(thursday) - Date.parse(`${thursday.slice(0, 4)}-01-01`)) / 86_400_000;
  return `${thursday.slice(0, 4)}-W${String(Math.floor(days / 7) + 1).padStart(2, '0')}`;
}

const four = (year: number): string => String(year).padStart(4, '0');

function hourNamed(
  name: string,
  [, day = '', wallHour = '', offset]: RegExpExecArray,
  timezone: string,
): Partition | NotAPartition {
  if (!isDay(day)) return { problem: `is no hour: "${day}" is no day of the calendar` };
  const wall = Date.parse(`${day}T${wallHour}:00:00Z`);
  const hours = hoursAt(wall, timezone);
  const named = hours.map((bounds) => hourOf(wall, bounds, hours.length > 1));
  const found = named.find((one) => one.name === name);
  if (found) return found;
  const names = named.map((one) => `"${one.name}"`).join(' or ');
  if (named.length === 0) return { problem: `does not exist in ${timezone}, whose clock skipped it` };
  if (offset === undefined) return { problem: `exists twice in ${timezone}: write ${names}` };
  return { problem: `is not its name in ${timezone}: write ${names}` };
}

function hourAt(instant: number, timezone: string): Partition {
  const wall = Math.floor(wallTime(instant, timezone) / hour) * hour;
  const offset = offsetAt(instant, timezone);
  const hours = hoursAt(wall, timezone);
  const found = hours.find((bounds) => bounds.offset === offset);
  if (!found) throw new RangeError(`no hour of ${timezone} has the moment ${iso(instant)}`);
  return hourOf(wall, found, hours.length > 1);
}

/** An hour that the clock shows twice has its offset in its name. */
function hourOf(wall: number, { start, end, offset }: HourBounds, isTwice: boolean): Partition {
  const plain = new Date(wall).toISOString().slice(0, 13);
  return { name: isTwice ? `${plain}${offsetText(offset)}` : plain, start: iso(start), end: iso(end) };
}

function offsetText(offset: number): string {
  const size = new Date(Math.abs(offset)).toISOString().slice(11, 19);
  return `${offset < 0 ? '-' : '+'}${size.endsWith(':00') ? size.slice(0, 5) : size}`;
}

const iso = (instant: number): string => new Date(instant).toISOString().replace('.000Z', 'Z');
