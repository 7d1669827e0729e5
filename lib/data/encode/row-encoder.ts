import { type Column, renderColumnType } from '../../columns/column-type.ts';
import { ValidationError } from '../../contract/errors.ts';
import { fieldsEncoder } from './encode-value.ts';
import { shownValue } from './misfit.ts';

/**
 * Encodes rows as lines of JSON that DuckDB reads as exactly these values of exactly these types. Throws a ValidationError for a row that does not fit. It
 * names the dataset, the row (from 1), and for each misfit column the value and the reason.
 */
export function rowEncoder(
  dataset: string,
  columns: readonly Column[],
): (row: Readonly<Record<string, unknown>>, number: number) => string {
  const encode = fieldsEncoder(columns);
  const types = new Map(columns.map(({ name, type }) => [name, type]));

  return (row, number) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw new ValidationError(
        `dataset "${dataset}", row ${number}: ${shownValue(row)} is not a row, which is an object`,
      );
    }
    let violations: string[] | null = null;
    const line = encode(row, (name, { value, path, message }) => {
      const type = types.get(name);
      violations ??= [];
      violations.push(
        type === undefined
          ? `column "${name}": ${shownValue(value)}: the column is not declared`
          : `column "${name}"${path === '' ? '' : ` at ${path}`}: ${shownValue(value)} does not fit ${renderColumnType(type)}: ${message}`,
      );
    });
    if (violations !== null) throw new ValidationError(`dataset "${dataset}", row ${number} does not fit:`, violations);
    return `${line}\n`;
  };
}
