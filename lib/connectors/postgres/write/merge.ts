import type pg from 'pg';
import { PermanentError, ValidationError } from '../../../contract/errors.ts';
import { ident } from '../sql.ts';
import { staging } from './staging.ts';

/** The treatment of the rows that the table has already. */
export type LoadMode = 'replace' | 'append' | 'upsert';

/** The way of rows from the staging table into the target. */
export interface Merge {
  readonly mode: LoadMode;
  /** The target, quoted. */
  readonly target: string;
  readonly columns: readonly string[];
  /** Key columns of an upsert. */
  readonly key: readonly string[];
}

/** Names of the columns in the staging table. */
export function stagedNames(columns: readonly string[]): readonly string[] {
  return columns.map((_, index) => `c${index}`);
}

/** The columns of an upsert's key: their names in the staging table, each with the target's name for it. */
export function stagedKey({ key, columns }: Pick<Merge, 'key' | 'columns'>): readonly (readonly [string, string])[] {
  return key.map((name) => [`c${columns.indexOf(name)}`, ident(name).text]);
}

/**
 * Moves the staged rows into the table, in the open transaction: readers see the rows from before or from after. Returns the number of rows that the server
 * reports as written.
 */
export async function merge(client: pg.Client, { mode, target, columns, key }: Merge): Promise<number> {
  const list = columns.map((name) => ident(name).text).join(', ');
  const source = `INSERT INTO ${target} (${list}) SELECT ${stagedNames(columns).join(', ')} FROM ${staging}`;
  if (mode === 'upsert') {
    const keys = stagedKey({ key, columns });
    await checkKeys(client, key, keys);
    const rest = columns.filter((name) => !key.includes(name)).map((name) => ident(name).text);
    const update =
      rest.length === 0 ? 'NOTHING' : `UPDATE SET ${rest.map((name) => `${name} = EXCLUDED.${name}`).join(', ')}`;
    // In one order, so that two loads of the same rows wait for each other instead of deadlocking.
    const order = keys.map(([staged]) => staged).join(', ');
    const conflict = keys.map(([, own]) => own).join(', ');
    return insert(client, `${source} ORDER BY ${order} ON CONFLICT (${conflict}) DO ${update}`);
  }
  if (mode === 'replace') await client.query(`DELETE FROM ${target}`);
  return insert(client, source);
}

/** Runs the triggers that wait for the end of the transaction now, so that their effect is counted. */
const insert = async (client: pg.Client, text: string): Promise<number> => {
  const { rowCount } = await client.query(text);
  await client.query('SET CONSTRAINTS ALL IMMEDIATE');
  return rowCount ?? 0;
};

/** PostgreSQL would report that a row is affected twice, but not which one; and a null never conflicts. */
const checkKeys = async (
  client: pg.Client,
  key: readonly string[],
  staged: readonly (readonly [string, string])[],
): Promise<void> => {
  if (key.length === 0) throw new PermanentError('an upsert needs a key: the columns of a unique index');
  const keys = staged.map(([name]) => name);
  const missing = key.filter((_, index) => keys[index] === 'c-1');
  if (missing.length > 0) throw new PermanentError(`the key's column ${missing.join(', ')} is not among the columns`);
  const shown = `pg_catalog.jsonb_build_array(${keys.join(', ')})::text`;
  const isNull = keys.map((name) => `${name} IS NULL`).join(' OR ');
  const { rows } = await client.query<{ key: string; count: number; has_null: boolean }>(
    `SELECT ${shown} AS key, count(*)::int AS count, ${isNull} AS has_null
     FROM ${staging} GROUP BY ${keys.join(', ')} HAVING count(*) > 1 OR ${isNull} LIMIT 5`,
  );
  if (rows.length === 0) return;
  throw new ValidationError(
    'the rows cannot be told apart by their key:',
    rows.map((row) => (row.has_null ? `${row.key} has a null` : `${row.count} rows have the key ${row.key}`)),
  );
};
