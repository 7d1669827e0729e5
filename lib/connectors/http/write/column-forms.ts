import { PermanentError, ValidationError } from '../../../contract/errors.ts';
import { ExactNumber } from '../../../exact/exact-number.ts';
import { readExactJson } from '../../../exact/read-json.ts';
import { ReadProblem } from '../../../exact/read-problem.ts';
import type { AnyRow } from '../../row-batches.ts';

/**
 * `number`: a text of digits, as DECIMAL columns give it, becomes a JSON number with the same digits. `text`: a number becomes a text of its digits. `json`: the text is JSON, and is sent as that
 * JSON.
 */
export type ColumnForm = 'number' | 'text' | 'json';

/** Forms by the name of a column, or of a field in it: `items.price`. */
export type ColumnForms = Readonly<Record<string, ColumnForm>>;

/** Makes the value to send of one that is not null, or throws the end of a sentence about the value. */
type Change = (value: unknown) => unknown;

class Misformed extends Error {}

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

const isNumber = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof ExactNumber;

const changes: Readonly<Record<ColumnForm, Change>> = {
  number(value) {
    if (isNumber(value)) return value;
    if (typeof value === 'string' && jsonNumber.test(value)) return new ExactNumber(value);
    throw new Misformed('is not a number');
  },
  text(value) {
    if (typeof value === 'string') return value;
    if (isNumber(value) && !(typeof value === 'number' && !Number.isFinite(value))) return String(value);
    throw new Misformed('is not a number or a text');
  },
  json(value) {
    if (typeof value !== 'string') return value;
    try {
      return readExactJson(value);
    } catch (error) {
      throw error instanceof ReadProblem ? new Misformed(`is not JSON: ${error.message}`) : error;
    }
  },
};

/** Gives rows with their columns in the forms that are asked for. `first` is the number of the first row, from 1. A value that has not the form is a ValidationError with row and column. */
export function columnForms(forms: ColumnForms = {}): (rows: readonly AnyRow[], first: number) => readonly AnyRow[] {
  const columns = Object.entries(forms).map(([path, form]) => {
    if (!Object.hasOwn(changes, form))
      throw new PermanentError(`as: ${JSON.stringify(form)} is no form of "${path}"; it is "number", "text" or "json"`);
    return { path, names: path.split('.'), change: changes[form] };
  });
  if (columns.length === 0) return (rows) => rows;
  return (rows, first) =>
    rows.map((row, index) => {
      let formed = row;
      for (const { path, names, change } of columns) {
        formed = changed(
          formed,
          names,
          (value) => {
            try {
              return change(value);
            } catch (error) {
              if (!(error instanceof Misformed)) throw error;
              const shown = typeof value === 'bigint' ? value : JSON.stringify(value)?.slice(0, 100);
              throw new ValidationError(`row ${first + index}, ${path}: ${shown} ${error.message}`);
            }
          },
          `row ${first + index}`,
        ) as AnyRow;
      }
      return formed;
    });
}

/** A copy of a value in which what lies at the end of a path is changed; lists on the way are gone through. */
function changed(value: unknown, names: readonly string[], change: Change, what: string): unknown {
  if (value === null || value === undefined) return value;
  const [name, ...rest] = names;
  if (name === undefined) return change(value);
  if (Array.isArray(value)) return value.map((item) => changed(item, names, change, what));
  if (typeof value !== 'object' || !Object.hasOwn(value, name))
    throw new ValidationError(`${what} has no column or field "${name}", which \`as\` names`);
  const object = value as AnyRow;
  return { ...object, [name]: changed(object[name], rest, change, what) };
}
