import { PermanentError, ValidationError } from '../../../contract/errors.ts';
import type { AnyRow } from '../../row-batches.ts';
import { type Change, type ColumnForm, changeTo, Misformed } from './form-changes.ts';

/** Forms by the name of a column, or of a field in it: `items.price`. */
export type ColumnForms = Readonly<Record<string, ColumnForm>>;

/** A column to change, or a field in it. */
interface FormedColumn {
  readonly path: string;
  readonly change: Change;
}

/**
 * Converts the columns of rows to the requested forms. `first` is the number of the first row, from 1. A value that does not fit its form is a ValidationError
 * with row and column.
 */
export function columnForms(forms: ColumnForms = {}): (rows: readonly AnyRow[], first: number) => readonly AnyRow[] {
  const columns = Object.entries(forms).map(([path, form]): FormedColumn => {
    if (Object.hasOwn(changeTo, form)) return { path, change: changeTo[form] };
    throw new PermanentError(`as: ${JSON.stringify(form)} is no form of "${path}"; it is "number", "text" or "json"`);
  });
  if (columns.length === 0) return (rows) => rows;
  return (rows, first) => rows.map((row, index) => formed(row, columns, first + index));
}

function formed(row: AnyRow, columns: readonly FormedColumn[], number: number): AnyRow {
  let value: unknown = row;
  for (const { path, change } of columns) {
    try {
      value = changed(value, path.split('.'), change);
    } catch (error) {
      if (!(error instanceof Misformed)) throw error;
      throw new ValidationError(`row ${number}, ${path}: ${error.message}`, [], { cause: error });
    }
  }
  return value as AnyRow;
}

/** A copy of a value in which the end of a path is changed, in each item of the lists on the way. */
function changed(value: unknown, names: readonly string[], change: Change): unknown {
  if (value === null || value === undefined) return value;
  const [name, ...rest] = names;
  if (name === undefined) return change(value);
  if (Array.isArray(value)) return value.map((item) => changed(item, names, change));
  if (typeof value !== 'object' || !Object.hasOwn(value, name))
    throw new Misformed(`there is no column or field "${name}", which \`as\` names`);
  const object = value as AnyRow;
  return { ...object, [name]: changed(object[name], rest, change) };
}
