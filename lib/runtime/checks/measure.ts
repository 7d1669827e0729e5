/** Measures a dataset for its checks: one query for all that one pass over the rows can answer, and one for each of the others. */
import type { AnomalyCheck, CheckResult, DataCheck, Verdict } from '../../contract/records/data-check.ts';
import { quoteName } from '../../duckdb/quote.ts';
import type { AskOne } from '../profiles/ask-one.ts';
import { differAtMost } from './decimal-difference.ts';
import { brokenBy, type Source, tableOf } from './rule-sql.ts';

export interface Measured {
  readonly check: DataCheck;
  readonly result: CheckResult;
  /** A query that gives the rows which break the rule; null for rules about the whole. */
  readonly rows: string | null;
}

export interface Measuring {
  readonly dataset: string;
  readonly source: Source;
  /** Common table expression that defines the source, with its WITH. */
  readonly prelude: string;
  /** The moment that ages count from, milliseconds since 1970. */
  readonly now: number;
  readonly ask: AskOne;
  /** Compares the dataset with its history. */
  readonly anomaly: (rule: AnomalyCheck) => Promise<Verdict>;
}

/** Kinds whose condition is a query, which an aggregate cannot filter by. */
const alone = ['unique', 'foreign_key', 'sql', 'anomaly'];

export async function measure(checks: readonly DataCheck[], at: Measuring): Promise<Measured[]> {
  const together = checks.filter(({ kind }) => !alone.includes(kind));
  const terms = together.map((check, index) => `CAST(${aggregate(check, at.source)} AS VARCHAR) AS c${index}`);
  const all = ['CAST(count(*) AS VARCHAR) AS total', ...terms];
  const found = await at.ask(
    `${at.prelude}SELECT ${all.join(', ')} FROM ${at.source.table} AS d`,
    `the checks of ${at.dataset}`,
  );
  const total = BigInt(found.total ?? '0');
  const measured: Measured[] = [];
  for (const check of checks) {
    const index = together.indexOf(check);
    const value = index < 0 ? await askAlone(check, at) : (found[`c${index}`] ?? null);
    measured.push(await judge(check, { value, total }, at));
  }
  return measured;
}

function aggregate(check: DataCheck, source: Source): string {
  switch (check.kind) {
    case 'row_count':
      return 'count(*)';
    case 'null_percentage':
      return `count(*) FILTER (WHERE d.${quoteName(check.column)} IS NULL)`;
    case 'freshness':
      return `epoch_ms(CAST(max(d.${quoteName(check.column)}) AS TIMESTAMP))`;
    case 'sum_equals':
      return sumOf(`d.${quoteName(check.column)}`, source.columns[check.column]);
    default:
      return `count(*) FILTER (WHERE ${brokenBy(check, source)})`;
  }
}

/** Sums of DOUBLE are added with a correction, so that the order of rows does not matter. */
const sumOf = (column: string, type: string | undefined): string =>
  type === 'DOUBLE' ? `coalesce(fsum(${column}), 0)` : `coalesce(sum(${column}), 0)`;

function violating(check: DataCheck, { source, prelude }: Pick<Measuring, 'source' | 'prelude'>): string | null {
  if (check.kind === 'sql') {
    const scope = prelude === '' ? `WITH this AS (SELECT * FROM ${source.table})\n` : prelude;
    return `${scope}SELECT * FROM (${check.query}\n) AS d`;
  }
  const broken = brokenBy(check, source);
  return broken === null ? null : `${prelude}SELECT d.* FROM ${source.table} AS d WHERE ${broken}`;
}

async function askAlone(check: DataCheck, at: Measuring): Promise<string | null> {
  if (check.kind === 'anomaly') return null;
  const rows = violating(check, at) ?? '';
  const { n = null } = await at.ask(`SELECT CAST(count(*) AS VARCHAR) AS n FROM (${rows}\n) AS found`, check.name);
  return n;
}

async function judge(
  check: DataCheck,
  { value, total }: { readonly value: string | null; readonly total: bigint },
  at: Measuring,
): Promise<Measured> {
  const verdict = await verdictOn(check, { value, total }, at);
  const { name, kind, on_violation } = check;
  const columns = check.kind === 'not_null' && on_violation !== 'warn' ? { columns: [...check.columns] } : {};
  const result: CheckResult = { dataset: at.dataset, check: name, kind, on_violation, ...verdict, ...columns };
  return { check, result, rows: violating(check, at) };
}

async function verdictOn(
  check: DataCheck,
  { value, total }: { readonly value: string | null; readonly total: bigint },
  at: Measuring,
): Promise<Verdict> {
  switch (check.kind) {
    case 'row_count': {
      const passed =
        (check.min === null || total >= BigInt(check.min)) && (check.max === null || total <= BigInt(check.max));
      return { passed, measured: `${total} rows`, allowed: between(check.min, check.max) };
    }
    case 'null_percentage': {
      const nulls = BigInt(value ?? '0');
      // Per cent with up to nine decimals, compared as whole numbers.
      const [whole = '0', fraction = ''] = check.max.split('.');
      const most = BigInt(`${whole}${fraction.padEnd(9, '0')}`);
      const passed = nulls * 100n * 10n ** 9n <= most * total;
      const share = total === 0n ? '0' : ((Number(nulls) * 100) / Number(total)).toPrecision(3);
      return { passed, measured: `${nulls} of ${total} rows (${share}%)`, allowed: `at most ${check.max}%` };
    }
    case 'freshness': {
      const allowed = `at most ${check.max_age_seconds} s old`;
      if (value === null) return { passed: false, measured: null, allowed };
      const age = Math.floor((at.now - Number(value)) / 1000);
      return { passed: at.now - Number(value) <= check.max_age_seconds * 1000, measured: `${age} s old`, allowed };
    }
    case 'sum_equals':
      return sumVerdict(check, value ?? '0', at);
    case 'anomaly':
      return at.anomaly(check);
    default: {
      const count = BigInt(value ?? '0');
      return { passed: count === 0n, measured: `${count} of ${total} rows`, allowed: 'no row' };
    }
  }
}

const between = (min: number | null, max: number | null): string => {
  if (min !== null && max !== null) return `${min} to ${max} rows`;
  return min !== null ? `at least ${min} rows` : `at most ${max} rows`;
};

async function sumVerdict(
  { equals, tolerance, name }: Extract<DataCheck, { kind: 'sum_equals' }>,
  sum: string,
  { ask }: Measuring,
): Promise<Verdict> {
  const other = 'number' in equals ? equals.number : await sumThere(equals, name, ask);
  const allowed = tolerance === '0' ? other : `${other}, or ${tolerance} more or less`;
  return { passed: differAtMost(sum, other, tolerance), measured: sum, allowed };
}

async function sumThere(
  { step, dataset, column }: { readonly step: string; readonly dataset: string; readonly column: string },
  name: string,
  ask: AskOne,
): Promise<string> {
  const { sum = null } = await ask(
    `SELECT CAST(coalesce(sum(f.${quoteName(column)}), 0) AS VARCHAR) AS sum FROM ${tableOf({ step, dataset })} AS f`,
    name,
  );
  return sum ?? '0';
}
