import type pg from 'pg';
import { PermanentError, ValidationError } from '../../../contract/errors.ts';
import { ident } from '../sql.ts';

/** What loading does to the rows that are in the table already. */
export type LoadMode = 'replace' | 'append' | 'upsert';

/** The temporary table that rows are copied into first. */
export const staging = 'daybreak_staging';

/** How rows get from the staging table into the target. */
export interface Merge {
  readonly mode: LoadMode;
  /** Quoted. */
  readonly target: string;
  readonly columns: readonly string[];
  /** Of an upsert. */
  readonly key: readonly string[];
}

/** Moves the staged rows into the table, in the transaction that is open: readers see what was there or what is there then, and nothing between. */
export async function merge(client: pg.Client, { mode, target, columns, key }: Merge): Promise<void> {
  const list = columns.map((name) => ident(name).text).join(', ');
  const source = `INSERT INTO ${target} (${list}) SELECT ${list} FROM pg_temp.${staging}`;
  if (mode === 'upsert') {
    await checkKeys(client, key);
    const keys = key.map((name) => ident(name).text).join(', ');
    const rest = columns.filter((name) => !key.includes(name)).map((name) => ident(name).text);
    const update =
      rest.length === 0 ? 'NOTHING' : `UPDATE SET ${rest.map((name) => `${name} = EXCLUDED.${name}`).join(', ')}`;
    // In one order, so that two that write the same rows wait for each other instead of both for ever.
    await client.query(`${source} ORDER BY ${keys} ON CONFLICT (${keys}) DO ${update}`);
    return;
  }
  if (mode === 'replace') await client.query(`DELETE FROM ${target}`);
  await client.query(source);
}

/** PostgreSQL would say that a row is affected twice, and not which; and a null never conflicts. */
const checkKeys = async (client: pg.Client, key: readonly string[]): Promise<void> => {
  const keys = key.map((name) => ident(name).text);
  if (keys.length === 0) throw new PermanentError('an upsert needs a key: the columns of a unique index');
  const shown = `pg_catalog.jsonb_build_array(${keys.join(', ')})::text`;
  const { rows } = await client.query<{ key: string; count: number; has_null: boolean }>(
    `SELECT ${shown} AS key, count(*)::int AS count, ${keys.map((name) => `${name} IS NULL`).join(' OR ')} AS has_null
     FROM pg_temp.${staging} GROUP BY ${keys.join(', ')}
     HAVING count(*) > 1 OR ${keys.map((name) => `${name} IS NULL`).join(' OR ')} LIMIT 5`,
  );
  if (rows.length === 0) return;
  throw new ValidationError(
    'the rows cannot be told apart by their key:',
    rows.map((row) => (row.has_null ? `${row.key} has a null` : `${row.count} rows have the key ${row.key}`)),
  );
};
