import { PermanentError } from '../contract/errors.ts';
import { checkNames } from './check-names.ts';
import { type Column, renderColumnType } from './column-type.ts';
import { parseColumnType } from './parse-column-type.ts';

/**
 * Parses a dataset's columns from their declaration (`{ order_id: 'VARCHAR', total: 'DECIMAL(18,2)' }`), in its order. Throws a PermanentError that names the
 * dataset.
 */
export function parseColumns(dataset: string, declared: Readonly<Record<string, string>>): readonly Column[] {
  const fault = checkNames(Object.keys(declared));
  if (fault !== null) throw new PermanentError(`dataset "${dataset}": ${fault}`);
  return Object.entries(declared).map(([name, type]) => {
    try {
      return { name, type: parseColumnType(type) };
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      throw new PermanentError(`dataset "${dataset}", column "${name}": ${error.message}`, { cause: error });
    }
  });
}

/** Returns the declaration again, each type in its one spelling. */
export function renderColumns(columns: readonly Column[]): Record<string, string> {
  return Object.fromEntries(columns.map(({ name, type }) => [name, renderColumnType(type)]));
}
