import { UsageError } from './usage-error.ts';

/** The value of an option that takes a whole number from 1; null without the option. Anything else is a UsageError. */
export function wholeNumber(value: string | null, option: string): number | null {
  if (value === null) return null;
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new UsageError(`${option} "${value}" is not a whole number from 1`);
}
