import type { JsonObject } from '../../../contract/json.ts';
import { describe, quote } from '../tree/tree.ts';
import { type Reader, takes } from './key-table.ts';

const factors = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Unit of a bare number. */
export type DurationUnit = keyof typeof factors;

/** Step Functions takes no delay or time-out of a year or more. */
const longest = 365 * factors.d;

const form =
  /^(?:(\d+(?:\.\d+)?)d)?(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/;

/** Milliseconds of `1h30m`, or null when the text is not a duration. */
export function parseDuration(text: string): number | null {
  const parts = text === '' ? null : form.exec(text);
  if (!parts) return null;
  const [d = 0, h = 0, m = 0, s = 0, ms = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return d * factors.d + h * factors.h + m * factors.m + s * factors.s + ms;
}

/** A duration longer than zero, in milliseconds. A bare number counts the given unit; keys that do not name their unit allow the written forms beside it. */
function duration(unit: DurationUnit): Reader<number> {
  return (value, reading, key) => {
    const free = isFree(unit, key);
    const allowed = free
      ? 'write it like 30s, 20m, 1h30m or 500ms, or as a number of seconds'
      : `write a number of ${{ ms: 'milliseconds', s: 'seconds', m: 'minutes', h: 'hours', d: 'days' }[unit]}`;
    const complain = (what: string): null => {
      reading.say('BAD_DURATION', value.range, `"${key}" ${what}; ${allowed}`);
      return null;
    };
    if (value.kind !== 'scalar') return complain(`is ${describe(value)}, not a duration`);
    const ms =
      typeof value.value === 'number'
        ? value.value * factors[unit]
        : typeof value.value === 'string' && free
          ? parseDuration(value.value)
          : null;
    if (ms === null) return complain(`is ${quote(value.text)}, which is not a duration`);
    if (ms <= 0) return complain(`is ${value.text}; it has to be longer than zero`);
    if (ms >= longest) return complain(`is ${value.text}; it has to be shorter than a year`);
    // Decimal fractions of seconds must not become 1499.9999999999998 ms.
    return Math.round(ms * 1000) / 1000;
  };
}

/** Milliseconds in the shortest exact form of the language: `1h30m`, `45s`, `1500ms`. */
export function showDuration(ms: number): string {
  if (!Number.isInteger(ms / 1000)) return `${ms}ms`;
  const seconds = ms / 1000;
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'm'],
    [seconds % 60, 's'],
  ] as const;
  return (
    parts
      .filter(([count]) => count > 0)
      .map(([count, word]) => `${count}${word}`)
      .join('') || '0s'
  );
}

/** The same as whole seconds, as Step Functions counts; a fraction is rounded up, with a warning that names `what` it is. */
export function wholeSeconds(unit: DurationUnit, what: string): Reader<number> {
  const read = duration(unit);
  return takes(
    (_, key) => durationSchema(unit, key),
    (value, reading, key) => {
      const ms = read(value, reading, key);
      if (ms === null || ms % 1000 === 0) return ms;
      const whole = Math.ceil(ms / 1000) * 1000;
      const message = `${what} of ${showDuration(ms)} is not whole seconds; the effective value is ${showDuration(whole)}`;
      reading.say('VALUE_ROUNDED', value.range, message);
      return whole;
    },
  );
}

/** True if a key does not name its unit, and so takes the written forms. */
const isFree = (unit: DurationUnit, key: string): boolean => unit === 's' && !key.endsWith('_seconds');

/** Numbers of the unit; for seconds also the written forms, which only keys without a unit in their name take. */
function durationSchema(unit: DurationUnit, key: string): JsonObject {
  const number = { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: longest / factors[unit] };
  return isFree(unit, key) ? { anyOf: [{ type: 'string', minLength: 2, pattern: form.source }, number] } : number;
}
