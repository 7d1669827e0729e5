/** Calendar days in UTC as text: `2026-01-31`. Text order is time order. */
export type Day = string;

const millisecondsPerDay = 86_400_000;
const shape = /^\d{4}-\d\d-\d\d$/;

/** The UTC day of a moment. */
export function dayOf(moment: string | Date): Day {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) throw new RangeError(`${JSON.stringify(moment)} is not a moment`);
  return date.toISOString().slice(0, 10);
}

/** Whole days from one day to another; negative if `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return number(to) - number(from);
}

/** The day that is `days` after another. */
export function addDays(day: Day, days: number): Day {
  return dayOf(new Date((number(day) + days) * millisecondsPerDay));
}

/** Number of days in a range that includes both ends. */
export function daysIn(range: DateRange): number {
  return daysBetween(range.start_date, range.end_date) + 1;
}

/** True if text is a real calendar day. */
export function isDay(text: string): boolean {
  return shape.test(text) && !Number.isNaN(Date.parse(text)) && dayOf(text) === text;
}

/** A range of days, both ends included. */
export interface DateRange {
  readonly start_date: Day;
  readonly end_date: Day;
}

const number = (day: Day): number => {
  if (!shape.test(day)) throw new RangeError(`${JSON.stringify(day)} is not a day like 2026-01-31`);
  return Date.parse(day) / millisecondsPerDay;
};
