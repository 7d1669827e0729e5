import type { ColumnDifference } from '../../columns/column-differences.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { quoteName } from '../../duckdb/quote.ts';

/** One sentence about a column of a query that is not as `outputs` declares it, with a way out. `made` are all names of columns that the query makes. */
export function differenceInWords(difference: ColumnDifference, made: readonly string[]): string {
  const { column, declared, made: type } = difference;
  if (declared === null)
    return `the query makes the column "${column}" (${type}), which is not declared; leave it out, or declare it`;
  if (type === null)
    return `the column "${column}" (${declared}) is declared, but the query does not make it${didYouMean(column, made)}`;
  return `the column "${column}" is declared as ${declared}, but the query makes ${type}; write CAST(... AS ${declared}) AS ${quoteName(column)} there, or declare ${type}`;
}
