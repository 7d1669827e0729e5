/** Two datasets side by side: columns, counts, and the rows and values that differ. DuckDB compares; values stay exact. */
import { PermanentError } from '../contract/errors.ts';
import type { DatasetEntry } from '../contract/records/dataset.ts';
import type { Row } from '../data/row.ts';
import { quoteName } from '../duckdb/quote.ts';
import type { ObjectStore } from '../ports/ports.ts';
import { SystemClock } from '../ports/system-clock.ts';
import { HandlerSessions } from '../runtime/handler/handler-sessions.ts';
import { LazyQuery } from '../runtime/handler/step-query.ts';
import { UpstreamSql } from '../runtime/handler/upstream-sql.ts';

interface SchemaDiff {
  readonly added: Readonly<Record<string, string>>;
  readonly removed: Readonly<Record<string, string>>;
  /** Columns that both have with different types; their values are not compared. */
  readonly retyped: readonly { readonly column: string; readonly before: string; readonly after: string }[];
}

/** A column whose values differ in rows with the same key. */
interface ColumnDiff {
  readonly column: string;
  readonly changed: number;
  readonly samples: readonly { readonly key: readonly Value[]; readonly before: Value; readonly after: Value }[];
}

type Value = Row[string];

export interface DatasetDiff {
  readonly schema: SchemaDiff;
  readonly rows: { readonly before: number; readonly after: number };
  /** Columns that both have with one type: those that were compared. */
  readonly compared: readonly string[];
  /** Rows, or keys, that only one of them has. Without a key, a row that comes twice counts twice. */
  readonly added: number;
  readonly removed: number;
  readonly addedSamples: readonly Row[];
  readonly removedSamples: readonly Row[];
  /** Rows of keys that both have, with a value that differs; null without a key. */
  readonly changed: number | null;
  readonly columns: readonly ColumnDiff[];
}

interface Compared {
  readonly before: DatasetEntry;
  readonly after: DatasetEntry;
  /** Columns that name a row; null to compare the rows as a whole. */
  readonly key: readonly string[] | null;
  /** Rows of each kind that are shown. */
  readonly samples: number;
  readonly signal: AbortSignal;
}

/** Compares two datasets. Throws a PermanentError for a key that one of them lacks, or that is not unique. */
export async function diffDatasets(store: ObjectStore, compared: Compared): Promise<DatasetDiff> {
  const { before, after, key, samples, signal } = compared;
  const schema = diffSchemas(before, after);
  const types = new Map(Object.entries(after.columns));
  const common = Object.keys(before.columns).filter((name) => before.columns[name] === types.get(name));
  const lacking = (key ?? []).find((name) => !common.includes(name));
  if (lacking !== undefined)
    throw new PermanentError(
      `"${lacking}" is not a column of both with one type; they have ${common.join(', ') || 'none'}`,
    );
  const rows = { before: before.rows, after: after.rows };
  const same = {
    schema,
    rows,
    compared: common,
    added: 0,
    removed: 0,
    addedSamples: [],
    removedSamples: [],
    columns: [],
  };
  // Equal content has an equal digest.
  if (before.content_digest === after.content_digest || common.length === 0)
    return { ...same, changed: key === null ? null : 0 };
  const ports = { store, clock: new SystemClock(), tokens: { succeed: async () => 'gone' as const } };
  const handler = () => Promise.reject(new Error('a comparison has no handler'));
  const sessions = new HandlerSessions({ ports, handler, invocationId: 'diff' }, signal);
  const queries = new UpstreamSql(sessions, [
    { step: 'before', dataset: 'rows', entry: before },
    { step: 'after', dataset: 'rows', entry: after },
  ]);
  const ask: Ask = async (text) => new LazyQuery<Row>(() => queries.open({ name: 'diff', text }, {}), signal);
  try {
    return key === null
      ? { ...same, ...(await diffRows(ask, common, samples)), changed: null }
      : { ...same, ...(await diffKeys(ask, { common, key, samples })) };
  } finally {
    await sessions.close();
  }
}

type Ask = (text: string) => Promise<Row[]>;

function diffSchemas(before: DatasetEntry, after: DatasetEntry): SchemaDiff {
  const old = new Map(Object.entries(before.columns));
  const now = new Map(Object.entries(after.columns));
  return {
    added: Object.fromEntries([...now].filter(([name]) => !old.has(name))),
    removed: Object.fromEntries([...old].filter(([name]) => !now.has(name))),
    retyped: [...old].flatMap(([column, type]) => {
      const other = now.get(column);
      return other === undefined || other === type ? [] : [{ column, before: type, after: other }];
    }),
  };
}

const tables = { before: '"before"."rows"', after: '"after"."rows"' } as const;
type Side = keyof typeof tables;

/** Rows as a whole: those that one side has more often than the other. */
async function diffRows(ask: Ask, common: readonly string[], samples: number) {
  const names = common.map(quoteName).join(', ');
  const only = (one: Side, other: Side): string =>
    `SELECT ${names} FROM ${tables[one]} EXCEPT ALL SELECT ${names} FROM ${tables[other]}`;
  const count = async (text: string): Promise<number> =>
    numberOf((await ask(`SELECT count(*) AS n FROM (${text})`))[0]?.n);
  const some = (text: string): Promise<Row[]> => ask(`SELECT * FROM (${text}) ORDER BY ALL LIMIT ${samples}`);
  const [added, removed] = [only('after', 'before'), only('before', 'after')];
  return {
    added: await count(added),
    removed: await count(removed),
    addedSamples: await some(added),
    removedSamples: await some(removed),
  };
}

interface Keyed {
  readonly common: readonly string[];
  readonly key: readonly string[];
  readonly samples: number;
}

async function diffKeys(ask: Ask, { common, key, samples }: Keyed) {
  for (const side of ['before', 'after'] as const) await checkUnique(ask, side, key);
  const same = key.map((name) => `b.${quoteName(name)} IS NOT DISTINCT FROM a.${quoteName(name)}`).join(' AND ');
  const joined = `FROM ${tables.before} b JOIN ${tables.after} a ON ${same}`;
  const names = common.map((name) => `x.${quoteName(name)}`).join(', ');
  const only = (one: Side, other: Side): string => {
    const on = key.map((name) => `x.${quoteName(name)} IS NOT DISTINCT FROM y.${quoteName(name)}`).join(' AND ');
    return `SELECT ${names} FROM ${tables[one]} x ANTI JOIN ${tables[other]} y ON ${on}`;
  };
  const count = async (text: string): Promise<number> =>
    numberOf((await ask(`SELECT count(*) AS n FROM (${text})`))[0]?.n);
  const order = key.map(quoteName).join(', ');
  const some = (text: string): Promise<Row[]> => ask(`SELECT * FROM (${text}) ORDER BY ${order} LIMIT ${samples}`);
  const values = common.filter((name) => !key.includes(name));
  const differs = (name: string): string => `b.${quoteName(name)} IS DISTINCT FROM a.${quoteName(name)}`;
  const counts = values.map((name, index) => `count(*) FILTER (${differs(name)}) AS c${index}`);
  const any = values.map(differs).join(' OR ') || 'false';
  const [totals] = await ask(`SELECT ${[`count(*) FILTER (${any}) AS n`, ...counts].join(', ')} ${joined}`);
  const columns: ColumnDiff[] = [];
  for (const [index, column] of values.entries()) {
    const changed = numberOf(totals?.[`c${index}`]);
    if (changed === 0) continue;
    const keys = key.map((name, at) => `b.${quoteName(name)} AS k${at}`);
    const shown = [...keys, `b.${quoteName(column)} AS before_value`, `a.${quoteName(column)} AS after_value`].join(
      ', ',
    );
    const by = key.map((_, at) => `k${at}`).join(', ');
    const found = await ask(`SELECT ${shown} ${joined} WHERE ${differs(column)} ORDER BY ${by} LIMIT ${samples}`);
    const sample = (row: Row) => ({
      key: key.map((_, at) => row[`k${at}`] ?? null),
      before: row.before_value ?? null,
      after: row.after_value ?? null,
    });
    columns.push({ column, changed, samples: found.map(sample) });
  }
  const [added, removed] = [only('after', 'before'), only('before', 'after')];
  return {
    ...{ added: await count(added), removed: await count(removed), changed: numberOf(totals?.n), columns },
    ...{ addedSamples: await some(added), removedSamples: await some(removed) },
  };
}

async function checkUnique(ask: Ask, side: Side, key: readonly string[]): Promise<void> {
  const names = key.map(quoteName).join(', ');
  const [found] = await ask(
    `SELECT count(*) AS n FROM (SELECT 1 FROM ${tables[side]} GROUP BY ${names} HAVING count(*) > 1)`,
  );
  const twice = numberOf(found?.n);
  if (twice === 0) return;
  const which = side === 'before' ? 'first' : 'second';
  throw new PermanentError(
    `(${key.join(', ')}) is no key of the ${which}: ${twice} of its values come more than once; add columns, or leave --key out`,
  );
}

const numberOf = (value: unknown): number => Number(value ?? 0);
