import { createHash } from 'node:crypto';
import type pg from 'pg';
import { PermanentError, ValidationError } from '../../../contract/errors.ts';
import type { Rows, Step } from '../../../runtime/step.ts';
import { rowBatches } from '../../row-batches.ts';
import { connect, cutOff } from '../connect.ts';
import { connectionSettings, type PostgresOptions } from '../connection-settings.ts';
import { postgresError } from '../postgres-error.ts';
import { ident } from '../sql.ts';
import { rowTexts, type TargetColumn } from './copy-text.ts';
import { type Load, loadedDigest, noteLoad, takeTurn } from './ledger.ts';
import { type LoadMode, merge, staging } from './merge.ts';
import { stageRows, type TextRows } from './stage-rows.ts';
import { type TargetTable, targetTable } from './target-table.ts';

/** A table and what to do with it. */
export interface PostgresTarget extends PostgresOptions {
  /** `orders`, or with its schema `sales.orders`; a list of names when they hold a point. */
  readonly table: string | readonly string[];
  /** Columns that are written, by the names that rows and table have in common. */
  readonly columns: readonly string[];
  /** `replace`: afterwards the table has these rows and no others. `append`: these besides. `upsert`: these instead of those with the same key. */
  readonly mode: LoadMode;
  /** Of an upsert: the columns of a unique index. */
  readonly key?: string | readonly string[];
}

/** What a load did. */
export interface Loaded {
  readonly rows: number;
  /** False when this step had loaded the same rows in this run already: then nothing was done. */
  readonly applied: boolean;
}

/** What loading needs of a step. */
export type LoadStep = Pick<Step, 'signal' | 'progress' | 'run' | 'name'>;

const batchSize = 2_000;

/**
 * Loads rows into a table of PostgreSQL: copied into a staging table, then moved in the same transaction, with a line in the ledger `daybreak_loads` beside the table. So doing it twice, or two at
 * once, or dying anywhere has one effect or none. Rows of a step that differ from those it has appended in the same run before are a PermanentError: they could not be taken back.
 */
export async function loadPostgres(step: LoadStep, rows: Rows, target: PostgresTarget): Promise<Loaded> {
  step.signal.throwIfAborted();
  const settings = connectionSettings(target);
  const client = await connect(settings);
  let closing: Promise<void> | null = null;
  const close = (busy: boolean): Promise<void> => {
    closing ??= cutOff(client, settings, busy);
    return closing;
  };
  const onAbort = (): void => void close(true);
  step.signal.addEventListener('abort', onAbort, { once: true });
  const run = async <T>(doing: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      step.signal.throwIfAborted();
      if (error instanceof ValidationError) throw error;
      throw postgresError(error, `${doing}, ${settings.place}`);
    }
  };
  try {
    const doing = `loading ${String(target.table)}`;
    await run(doing, () => begin(client, target));
    const table = await run(doing, () => targetTable(client, target.table, target.columns));
    await run(doing, () => client.query(stagingLike(table)));
    const staged = await stage({ step, client, table, run: (work) => run(doing, work) }, rows);
    const { pipeline: name, run_id } = step.run;
    const load: Load = { pipeline: name, run: run_id, step: step.name, target: table.quoted, ...staged };
    const applied = await run(doing, () => apply(client, table, { load, target }));
    await run(doing, () => client.query('COMMIT'));
    await close(false);
    return { rows: load.rows, applied };
  } catch (error) {
    await close(true);
    throw error;
  } finally {
    step.signal.removeEventListener('abort', onAbort);
  }
}

const begin = (client: pg.Client, { statementTimeout = 900, lockTimeout = 30 }: PostgresOptions) =>
  client.query(
    [
      'BEGIN',
      "SET LOCAL TIME ZONE 'UTC'",
      "SET LOCAL DateStyle TO 'ISO, YMD'",
      `SET LOCAL statement_timeout TO ${Math.round(statementTimeout * 1000)}`,
      `SET LOCAL lock_timeout TO ${Math.round(lockTimeout * 1000)}`,
    ].join('; '),
  );

const stagingLike = ({ quoted, columns }: TargetTable): string =>
  `CREATE TEMPORARY TABLE ${staging} ON COMMIT DROP AS SELECT ${namesOf(columns)} FROM ${quoted} WITH NO DATA`;

const namesOf = (columns: readonly TargetColumn[]): string => columns.map(({ name }) => ident(name).text).join(', ');

interface Staging {
  readonly step: LoadStep;
  readonly client: pg.Client;
  readonly table: TargetTable;
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** What was staged. */
type Staged = Pick<Load, 'rows' | 'digest'>;

const stage = async ({ step, client, table, run }: Staging, rows: Rows): Promise<Staged> => {
  const hash = createHash('sha256').update(JSON.stringify(table.columns.map(({ name }) => name)));
  let count = 0;
  // An error of the rows is theirs; only what the server says is translated.
  let failure: { readonly error: unknown } | null = null;
  const texts = async function* (): AsyncGenerator<TextRows> {
    try {
      for await (const batch of rowBatches(rows, batchSize)) {
        const first = count + 1;
        count += batch.length;
        yield batch.map((row, index) => rowTexts(table.columns, row, first + index));
      }
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  // A stream throws a broken connection's error into its generator; here it ends, and does not count as one of the rows.
  const watched = async function* (): AsyncGenerator<TextRows> {
    for await (const batch of texts()) {
      step.signal.throwIfAborted();
      hash.update(JSON.stringify(batch));
      yield batch;
      await step.progress(count);
    }
  };
  try {
    await run(() => stageRows(client, table, watched()));
  } catch (error) {
    const { error: own } = (failure as { readonly error: unknown } | null) ?? { error };
    throw own;
  }
  return { rows: count, digest: hash.digest('hex') };
};

/** The part that others wait for: true when it changed the table. */
const apply = async (
  client: pg.Client,
  { schema, quoted, columns }: TargetTable,
  { load, target }: { readonly load: Load; readonly target: PostgresTarget },
): Promise<boolean> => {
  await takeTurn(client, schema, quoted);
  const before = await loadedDigest(client, schema, load);
  if (before === load.digest) return false;
  if (before !== null && target.mode === 'append') {
    throw new PermanentError(
      `this run has appended other rows to ${quoted} already, which cannot be taken back: use mode "upsert" with a key, or "replace"`,
    );
  }
  const key = typeof target.key === 'string' ? [target.key] : (target.key ?? []);
  await merge(client, { mode: target.mode, target: quoted, columns: columns.map(({ name }) => name), key });
  await noteLoad(client, schema, load);
  return true;
};
