import type { Report } from '../diagnostics/diagnostic.ts';
import { type Analysis, type FullAnalysis, reportOnce } from './compile-pipeline.ts';
import { hasChecks } from './sql/check-data-checks.ts';
import { checkSql } from './sql/check-sql.ts';
import { KnownDatasets } from './sql/known-datasets.ts';
import type { PipelineVariant } from './types/declare-pipeline.ts';

/**
 * Checks the queries of the chosen environment, and those of other environments in which the queries or their input differ. Returns the known datasets of each environment, of the chosen one first.
 */
export async function checkSqlEverywhere(analysis: FullAnalysis, report: Report): Promise<readonly PipelineVariant[]> {
  const once = reportOnce(report);
  const chosen = { template: analysis.template, datasets: await checkSql(analysis, once.chosen) };
  const checked = new Map([[sqlOf(analysis), chosen.datasets]]);
  const others: PipelineVariant[] = [];
  for (const [name, other] of analysis.environments) {
    const datasets = await datasetsOf(other, checked, once.other(name));
    others.push({ template: other.template, datasets });
  }
  return [chosen, ...others];
}

/** The datasets of an environment. Where nothing that its queries depend on differs, nothing is checked again. */
async function datasetsOf(
  other: Analysis,
  checked: Map<string, KnownDatasets>,
  report: Report,
): Promise<KnownDatasets> {
  const sql = sqlOf(other);
  if (sql === '') return new KnownDatasets(other.template, other.queries);
  const known = checked.get(sql) ?? (await checkSql(other, report));
  checked.set(sql, known);
  return known;
}

/** All that a check of queries depends on, as one text. */
const sqlOf = ({ template, queries }: Analysis): string =>
  queries.size === 0 && !template.steps.some(hasChecks)
    ? ''
    : JSON.stringify([
        template.steps.map(({ name, dependencies, sql, outputs }) => [name, dependencies, sql, outputs]),
        [...queries.values()].map(({ queries: own }) => own),
      ]);
