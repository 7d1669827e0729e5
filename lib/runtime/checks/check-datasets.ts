/** Runs the checks of a step's datasets and makes their profiles when its handler has ended, before anything is visible. */

import { PermanentError, ValidationError } from '../../contract/errors.ts';
import { dataPrefix } from '../../contract/object-keys.ts';
import type { CheckResult, DataCheck } from '../../contract/records/data-check.ts';
import type { DatasetEntry } from '../../contract/records/dataset.ts';
import { tellViolations } from '../events/tell-violations.ts';
import type { HandlerSessions } from '../handler/handler-sessions.ts';
import { LazyQuery } from '../handler/step-query.ts';
import type { UpstreamSql } from '../handler/upstream-sql.ts';
import type { Work } from '../invocation.ts';
import type { AskOne } from '../profiles/ask-one.ts';
import { DatasetProfile } from '../profiles/dataset-profile.ts';
import { wantedProfile } from '../profiles/wanted-profile.ts';
import { findingLines } from './finding-lines.ts';
import { measure } from './measure.ts';
import { brokenByAny, separate } from './quarantine.ts';
import { requireColumns, type Source, tableOf } from './rule-sql.ts';

export interface Checked {
  readonly datasets: Readonly<Record<string, DatasetEntry>>;
  readonly checks: readonly CheckResult[];
}

export interface Checking {
  readonly work: Work;
  readonly sessions: HandlerSessions;
  readonly queries: UpstreamSql;
}

type Declared = Readonly<Record<string, { readonly checks?: readonly DataCheck[] }>>;

/**
 * Datasets by name, with the rows in quarantine apart, and the result of every check. Looks at all datasets, reports each violation, and then throws one ValidationError for those that block.
 */
export async function checkDatasets(datasets: Checked['datasets'], at: Checking): Promise<Checked> {
  const { step } = at.work.payload;
  // The compiler has read it, and no one else writes a step's configuration.
  const declared = (step.config.outputs ?? {}) as Declared;
  const checked: Record<string, DatasetEntry> = { ...datasets };
  const results: CheckResult[] = [];
  const violations: Violation[] = [];
  const written = Object.entries(datasets).filter(
    ([name]) => checksOf(declared, name).length > 0 || wantedProfile(step, name) !== null,
  );
  // All of them: a check may read a dataset of the step that has no checks itself.
  for (const [name, entry] of Object.entries(datasets)) at.queries.add({ step: step.name, dataset: name, entry });
  for (const [name, entry] of written) {
    const found = await checkDataset(name, entry, { ...at, checks: checksOf(declared, name) });
    Object.assign(checked, found.datasets);
    results.push(...found.checks);
    if (found.violation !== null) violations.push(found.violation);
  }
  await tellViolations(results, at.work);
  if (violations.length > 0) throw errorOf(step.name, violations);
  return { datasets: checked, checks: results };
}

const checksOf = (declared: Declared, dataset: string): readonly DataCheck[] =>
  Object.hasOwn(declared, dataset) ? (declared[dataset]?.checks ?? []) : [];

/** A dataset that is not to become visible, and why. */
interface Violation {
  readonly dataset: string;
  readonly checks: number;
  readonly lines: readonly string[];
}

async function checkDataset(
  dataset: string,
  entry: DatasetEntry,
  { work, sessions, queries, checks }: Checking & { readonly checks: readonly DataCheck[] },
): Promise<Checked & { readonly violation: Violation | null }> {
  const { run, step, attempt } = work.payload;
  requireColumns(dataset, checks, entry.columns);
  const source: Source = { table: tableOf({ step: step.name, dataset }), columns: entry.columns };
  const ask: AskOne = async (text, name) => {
    const rows = new LazyQuery<Record<string, string | null>>(
      () => queries.open({ name, text, finite: false }, {}),
      sessions.signal,
    );
    const [row] = await rows;
    if (!row) throw new PermanentError(`the query of ${name} gave no row`);
    return row;
  };
  const now = Date.parse(run.scheduled_time ?? run.started_at);
  const apart = checks.filter(({ on_violation }) => on_violation === 'quarantine');
  const others = checks.filter(({ on_violation }) => on_violation !== 'quarantine');
  // The rows that go on are those that the other checks look at.
  const bad = apart.length === 0 ? '' : ` AS d WHERE NOT (${brokenByAny(apart, source)})`;
  const rest =
    bad === ''
      ? { source, prelude: '' }
      : { source: { ...source, table: 'this' }, prelude: `WITH this AS (SELECT * FROM ${source.table}${bad})\n` };
  const profile = new DatasetProfile(dataset, { work, entry, ask, table: rest.source.table, prelude: rest.prelude });
  const common = { dataset, now, ask, anomaly: profile.compare.bind(profile) };
  const aside = apart.length === 0 ? [] : await measure(apart, { ...common, source, prelude: '' });
  const judged = others.length === 0 ? [] : await measure(others, { ...common, ...rest });
  const results = [...aside, ...judged].map(({ result }) => result);
  const broken = judged.filter(({ result }) => !result.passed && result.on_violation === 'block');
  if (broken.length > 0) {
    const lines: string[] = [];
    for (const one of broken) lines.push(...(await findingLines(one, { queries, signal: sessions.signal })));
    return { datasets: {}, checks: results, violation: { dataset, checks: broken.length, lines } };
  }
  const prefix = `${dataPrefix(run, step.name, attempt, work.invocation.invocationId)}checked/`;
  const datasets =
    apart.length === 0
      ? { [dataset]: entry }
      : await separate(apart, { dataset, entry, source, sessions, queries, prefix });
  await profile.keep(datasets[dataset] ?? entry);
  return { datasets, checks: results, violation: null };
}

/** The error of a step whose data breaks rules: what was found, what is allowed, and some of the rows. */
function errorOf(step: string, violations: readonly Violation[]): ValidationError {
  const [first] = violations;
  const count = (checks: number): string => (checks === 1 ? 'a check' : `${checks} checks`);
  if (first && violations.length === 1) {
    const { dataset, checks, lines } = first;
    return new ValidationError(`dataset "${dataset}" of step ${step} violates ${count(checks)}; it is not visible`, [
      ...lines,
    ]);
  }
  const lines = violations.flatMap(({ dataset, lines }) => [`dataset "${dataset}":`, ...lines]);
  return new ValidationError(`${violations.length} datasets of step ${step} violate checks; none is visible`, lines);
}
