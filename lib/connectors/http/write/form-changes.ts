import { ExactNumber } from '../../../exact/exact-number.ts';
import { readExactJson } from '../../../exact/read-json.ts';
import { ReadProblem } from '../../../exact/read-problem.ts';

/**
 * `number`: a text of digits, as DECIMAL columns give it, becomes a JSON number with the same digits. `text`: a number becomes a text of its digits. `json`: a
 * text that holds JSON is sent as that JSON.
 */
export type ColumnForm = 'number' | 'text' | 'json';

/** Converts a value that is not null to the value to send, or throws a Misformed. */
export type Change = (value: unknown) => unknown;

/** The fault of a value. */
export class Misformed extends Error {}

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/** The conversion to each form. */
export const changeTo: Readonly<Record<ColumnForm, Change>> = {
  number(value) {
    if (isNumber(value)) return value;
    if (typeof value === 'string' && jsonNumber.test(value)) return new ExactNumber(value);
    throw new Misformed(`${shown(value)} is not a number`);
  },
  text(value) {
    if (typeof value === 'string') return value;
    if (isNumber(value)) return Object.is(value, -0) ? '-0' : String(value);
    throw new Misformed(`${shown(value)} is not a number or a text`);
  },
  json(value) {
    if (typeof value !== 'string') return value;
    try {
      return readExactJson(value);
    } catch (error) {
      throw error instanceof ReadProblem ? new Misformed(`${shown(value)} is not JSON: ${error.message}`) : error;
    }
  },
};

function isNumber(value: unknown): boolean {
  return typeof value === 'bigint' || value instanceof ExactNumber || Number.isFinite(value);
}

function shown(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? String(item) : item)).slice(0, 100);
}
