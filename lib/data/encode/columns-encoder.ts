import type { Column } from '../../columns/column-type.ts';
import { PermanentError } from '../../contract/errors.ts';
import { valueEncoder } from './encode-value.ts';
import { Misfit } from './misfit.ts';
import { rowEncoder } from './row-encoder.ts';

/** The values of one column: an array or typed array; or, as columns are read, one with a 1 in `nulls` for each null value. */
type GivenColumn =
  | ArrayLike<unknown>
  | { readonly values: ArrayLike<unknown>; readonly nulls: ArrayLike<number> | null };

/** The same number of values for each column, by name. */
export type GivenColumns = Readonly<Record<string, GivenColumn>>;

const withNulls = (
  given: GivenColumn,
): { readonly values: ArrayLike<unknown>; readonly nulls: ArrayLike<number> | null } =>
  'values' in given && typeof given.values === 'object' ? given : { values: given as ArrayLike<unknown>, nulls: null };

/** Encodes columns into lines of JSON, as `rowEncoder` does with rows. A missing column is null in every row. */
export function columnsEncoder(dataset: string, columns: readonly Column[]) {
  const encoders = columns.map(({ name, type }) => ({
    name,
    lead: `${JSON.stringify(name)}:`,
    encode: valueEncoder(type),
  }));
  const encodeRow = rowEncoder(dataset, columns);
  const known = new Set(columns.map(({ name }) => name));

  /** Returns the number of rows, and a function for the line of each row. */
  return (given: GivenColumns): { readonly rows: number; line(index: number, number: number): string } => {
    const unknown = Object.keys(given).find((name) => !known.has(name));
    if (unknown !== undefined)
      throw new PermanentError(`dataset "${dataset}": the column "${unknown}" is not declared`);
    const present = encoders.flatMap((one) =>
      Object.hasOwn(given, one.name) ? [{ ...one, ...withNulls(given[one.name] as GivenColumn) }] : [],
    );
    const lengths = new Set(present.map(({ values }) => values.length));
    if (lengths.size > 1) {
      const found = present.map(({ name, values }) => `"${name}" has ${values.length}`);
      throw new PermanentError(
        `dataset "${dataset}": columns that are appended need equally many values: ${found.join(', ')}`,
      );
    }
    /** Encodes the row again to report every misfit, not only the first. */
    const again = (index: number, number: number): string =>
      encodeRow(
        Object.fromEntries(present.map(({ name, values, nulls }) => [name, nulls?.[index] ? null : values[index]])),
        number,
      );
    const line = (index: number, number: number): string => {
      let text = '{';
      try {
        for (const { lead, encode, values, nulls } of present) {
          const value = values[index];
          if (value === null || value === undefined || nulls?.[index] === 1) continue;
          const json = encode(value);
          text += text.length === 1 ? lead + json : `,${lead}${json}`;
        }
      } catch (error) {
        if (!(error instanceof Misfit)) throw error;
        return again(index, number);
      }
      return `${text}}\n`;
    };
    return { rows: [...lengths][0] ?? 0, line };
  };
}
