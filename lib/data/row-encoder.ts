import { ValidationError } from '../contract/errors.ts';
import { type Column, renderColumnType } from './column-type.ts';
import { valueEncoder } from './encode-value.ts';
import { Misfit, shownValue } from './misfit.ts';

/**
 * Makes rows into lines of JSON: every column in the declared order, null for what is missing. A row that does not fit is a ValidationError that names
 * the dataset, the row (from 1), and for each column that does not fit the value and the reason.
 */
export const rowEncoder = (
  dataset: string,
  columns: readonly Column[],
): ((row: Readonly<Record<string, unknown>>, number: number) => string) => {
  const encoders = columns.map(({ name, type }) => ({
    name,
    type,
    lead: `${JSON.stringify(name)}:`,
    encode: valueEncoder(type),
  }));
  const known = new Set(columns.map(({ name }) => name));

  return (row, number) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw new ValidationError(
        `dataset "${dataset}", row ${number}: ${shownValue(row)} is not a row, which is an object`,
      );
    }
    const violations: string[] = [];
    for (const key of Object.keys(row)) {
      if (!known.has(key)) violations.push(`column "${key}": ${shownValue(row[key])}: the column is not declared`);
    }
    let line = '';
    for (const { name, type, lead, encode } of encoders) {
      const value = Object.hasOwn(row, name) ? row[name] : null;
      line += `${line === '' ? '{' : ','}${lead}`;
      try {
        line += value === null || value === undefined ? 'null' : encode(value);
      } catch (error) {
        if (!(error instanceof Misfit)) throw error;
        const place = `column "${name}"${error.path === '' ? '' : ` at ${error.path}`}`;
        violations.push(
          `${place}: ${shownValue(error.value)} does not fit ${renderColumnType(type)}: ${error.message}`,
        );
      }
    }
    if (violations.length > 0)
      throw new ValidationError(`dataset "${dataset}", row ${number} does not fit:`, violations);
    return `${line}}\n`;
  };
};
