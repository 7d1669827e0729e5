import { renderColumnType } from '../columns/column-type.ts';
import { quoteName, quoteText } from './quote.ts';
import type { LocalDataset } from './statements.ts';

/** Returns the statement that makes a dataset's local files the view "step"."dataset". It names each column, so the view shows nothing else of the files. */
export function defineViewSql({ step, dataset, files, columns }: LocalDataset): string {
  const view = `CREATE OR REPLACE VIEW ${quoteName(step)}.${quoteName(dataset)} AS SELECT`;
  if (files.length === 0) {
    const empty = columns.map(({ name, type }) => `CAST(NULL AS ${renderColumnType(type)}) AS ${quoteName(name)}`);
    return `${view} ${empty.join(', ')} WHERE false`;
  }
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  return `${view} ${names} FROM read_parquet([${files.map(quoteText).join(', ')}], hive_partitioning = false)`;
}
