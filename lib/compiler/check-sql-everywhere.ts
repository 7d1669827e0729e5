import type { Report } from '../diagnostics/diagnostic.ts';
import { type Analysis, type FullAnalysis, reportOnce } from './compile-pipeline.ts';
import { checkSql } from './sql/check-sql.ts';
import type { KnownDatasets } from './sql/known-datasets.ts';

/** Checks the queries of the chosen environment, and those of other environments in which the queries or their input differ. Returns the known datasets of the chosen environment. */
export async function checkSqlEverywhere(analysis: FullAnalysis, report: Report): Promise<KnownDatasets> {
  const once = reportOnce(report);
  const datasets = await checkSql(analysis, once.chosen);
  const checked = new Set([sqlOf(analysis)]);
  for (const [name, other] of analysis.environments) {
    const sql = sqlOf(other);
    if (!checked.has(sql)) await checkSql(other, once.other(name));
    checked.add(sql);
  }
  return datasets;
}

/** All that a check of queries depends on, as one text. */
const sqlOf = ({ template, queries }: Analysis): string =>
  queries.size === 0
    ? ''
    : JSON.stringify([
        template.steps.map(({ name, dependencies, sql, outputs }) => [name, dependencies, sql, outputs]),
        [...queries.values()].map(({ queries: own }) => own),
      ]);
