/** Numbers as people read them. */

const thousands = new Intl.NumberFormat('en-US');

/** `12,345` */
export function count(number: number): string {
  return thousands.format(number);
}

/** `1 step`, `2 steps` */
export function counted(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** `850 ms`, `12.3 s`, `4 m 05 s`, `2 h 03 m`: three significant digits are enough to compare steps. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1_000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`;
  return `${count(Math.floor(seconds / 3_600))} h ${two(Math.floor((seconds % 3_600) / 60))} m`;
}

const two = (number: number): string => String(number).padStart(2, '0');

/** `512 B`, `1.5 kB`, `12 MB`; 1 kB is 1000 B. */
export function bytes(number: number): string {
  if (number < 1_000) return `${number} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = number / 1_000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Milliseconds between the times of two records; null if one is missing or is not a time. */
export function between(from: string | null, to: string | null): number | null {
  const milliseconds = from === null || to === null ? Number.NaN : Date.parse(to) - Date.parse(from);
  return Number.isNaN(milliseconds) ? null : milliseconds;
}

/** `2026-01-31 12:00:00` in UTC, or a dash. */
export function moment(time: string | null): string {
  return time && !Number.isNaN(Date.parse(time)) ? new Date(time).toISOString().slice(0, 19).replace('T', ' ') : '-';
}
