/** Rows that break a rule go to a separate dataset, each with the names of the rules; the others go on. */

import { renderColumns } from '../../columns/columns.ts';
import { PermanentError } from '../../contract/errors.ts';
import { type DataCheck, quarantineOf, reasonColumn } from '../../contract/records/data-check.ts';
import type { DatasetEntry } from '../../contract/records/dataset.ts';
import { DatasetWriter } from '../../data/write/dataset-writer.ts';
import { quoteName, quoteText } from '../../duckdb/quote.ts';
import type { HandlerSessions } from '../handler/handler-sessions.ts';
import { type UpstreamSql, unlessDamaged } from '../handler/upstream-sql.ts';
import { brokenBy, type Source } from './rule-sql.ts';

export interface Separating {
  readonly dataset: string;
  readonly entry: DatasetEntry;
  readonly source: Source;
  readonly sessions: HandlerSessions;
  readonly queries: UpstreamSql;
  /** Key prefix of what this attempt makes of checked datasets. */
  readonly prefix: string;
}

/** True for the rows that break one of the rules. */
export function brokenByAny(checks: readonly DataCheck[], source: Source): string {
  return checks.map((check) => `(${brokenBy(check, source)})`).join(' OR ');
}

/** The number of each row, so that rows keep their order in any plan of the query. */
const numbered = '__daybreak_row';

/** The dataset without the rows that break a rule, and the dataset of those rows. In = good + set aside, or it throws. */
export async function separate(
  checks: readonly DataCheck[],
  { dataset, entry, source, ...at }: Separating,
): Promise<Readonly<Record<string, DatasetEntry>>> {
  if (Object.hasOwn(entry.columns, reasonColumn))
    throw new PermanentError(
      `dataset "${dataset}" has a column "${reasonColumn}", which its quarantine needs; rename it`,
    );
  const names = Object.keys(entry.columns).map(quoteName).join(', ');
  const reasons = checks.map((check) => `CASE WHEN ${brokenBy(check, source)} THEN ${quoteText(check.name)} END`);
  const rows = `SELECT *, row_number() OVER () AS ${numbered} FROM ${source.table}`;
  const select = (what: string, where: string): string =>
    `SELECT ${what} FROM (${rows}) AS d WHERE ${where} ORDER BY d.${numbered}`;
  const bad = brokenByAny(checks, source);
  const reason = `concat_ws(', ', ${reasons.join(', ')}) AS ${reasonColumn}`;
  const aside = await write(quarantineOf(dataset), select(`${names}, ${reason}`, bad), at);
  const good = aside.rows === 0 ? entry : await write(dataset, select(names, `NOT (${bad})`), at);
  if (good.rows + aside.rows !== entry.rows)
    throw new Error(
      `of ${entry.rows} rows of dataset "${dataset}" ${good.rows} are good and ${aside.rows} were set aside: some are lost or doubled`,
    );
  return { [dataset]: good, [quarantineOf(dataset)]: aside };
}

async function write(
  dataset: string,
  text: string,
  { sessions, queries, prefix }: Pick<Separating, 'sessions' | 'queries' | 'prefix'>,
): Promise<DatasetEntry> {
  const { query, checked, rowBytes } = await queries.open({ name: dataset, text, finite: false }, {});
  const writer = new DatasetWriter(sessions, { dataset, dataPrefix: prefix, columns: renderColumns(query.columns) });
  await unlessDamaged(checked, () => writer.appendQuery(query, rowBytes));
  await checked;
  await writer.seal();
  return writer.close();
}
