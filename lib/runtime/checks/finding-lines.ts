/** A violated check in words, with some of the rows that break the rule. */
import { masksValues } from '../../exact/quoted-value.ts';
import { LazyQuery } from '../handler/step-query.ts';
import type { UpstreamSql } from '../handler/upstream-sql.ts';
import type { Measured } from './measure.ts';

/** Rows of one check that an error shows. */
const mostRows = 5;

/** The longest line of a row, in characters. */
const longestRow = 300;

export async function findingLines(
  { result, rows }: Measured,
  { queries, signal }: { readonly queries: UpstreamSql; readonly signal: AbortSignal },
): Promise<string[]> {
  const found = result.measured ?? 'nothing to measure';
  const line = `${result.check}: ${found}; allowed: ${result.allowed}`;
  if (rows === null || masksValues()) return [line];
  const text = `SELECT CAST(to_json(one) AS VARCHAR) AS line FROM (${rows}\n) AS one LIMIT ${mostRows}`;
  const open = () => queries.open({ name: result.check, text, finite: false }, {});
  const shown = await new LazyQuery<{ readonly line: string }>(open, signal);
  return [
    line,
    ...shown.map((row) => `  ${row.line.length > longestRow ? `${row.line.slice(0, longestRow)}...` : row.line}`),
  ];
}
