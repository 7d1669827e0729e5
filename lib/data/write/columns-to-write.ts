import type { Column } from '../../columns/column-type.ts';
import { parseColumns, renderColumns } from '../../columns/columns.ts';
import { PermanentError } from '../../contract/errors.ts';
import type { DatasetSoFar } from '../../contract/records/dataset.ts';

const nameForm = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,99}$/;

/**
 * Returns the columns of a dataset to write. Throws a PermanentError if its name or a type is wrong, or if an earlier invocation began it with other columns.
 */
export function columnsToWrite(
  dataset: string,
  declared: Readonly<Record<string, string>>,
  soFar?: DatasetSoFar,
): readonly Column[] {
  if (!nameForm.test(dataset)) {
    throw new PermanentError(`"${dataset}" cannot be a dataset's name: letters, digits, "_" and "-", at most 100`);
  }
  const columns = parseColumns(dataset, declared);
  const rendered = JSON.stringify(renderColumns(columns));
  if (soFar && JSON.stringify(soFar.columns) !== rendered) {
    throw new PermanentError(
      `dataset "${dataset}" was begun with the columns ${JSON.stringify(soFar.columns)} by an earlier invocation, and now has ${rendered}`,
    );
  }
  return columns;
}
