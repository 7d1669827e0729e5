import { ExactNumber } from '../../exact/exact-number.ts';
import { masksValues, quotedValue } from '../../exact/quoted-value.ts';

/** The reason why a value does not fit its column. The caller that knows the dataset and row catches it. */
export class Misfit extends Error {
  override readonly name = 'Misfit';
  readonly value: unknown;
  /** The path inside the column: `[2].price`. */
  readonly path: string;

  constructor(reason: string, value: unknown, path = '') {
    super(reason);
    this.value = value;
    this.path = path;
  }

  /** Returns the same misfit with the path of one outer level. */
  within(segment: string): Misfit {
    return new Misfit(this.message, this.value, segment + this.path);
  }
}

/** Returns a short form of a value for an error. It never throws. */
export function shownValue(value: unknown): string {
  if (typeof value === 'string') return quotedValue(value);
  if (masksValues() && typeof value !== 'object' && value !== undefined) return `a ${typeof value}`;
  if (typeof value === 'bigint') return `${value}n`;
  if (masksValues() && (value instanceof ExactNumber || value instanceof Date)) return 'a value';
  if (value instanceof ExactNumber) return value.text;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : value.toISOString();
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) {
    return `an object with the keys ${JSON.stringify(Object.keys(value).slice(0, 10))}`;
  }
  return typeof value === 'function' ? 'a function' : Object.is(value, -0) ? '-0' : String(value);
}
