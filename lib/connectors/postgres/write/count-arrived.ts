import type pg from 'pg';
import { type Merge, merge, stagedKey } from './merge.ts';
import { staging } from './staging.ts';
import type { TargetTable } from './target-table.ts';

/**
 * Merges, and returns the number of rows that the merge put into the target. The server's own count of written rows leaves out the effect of triggers and
 * rules.
 */
export async function countArrived(client: pg.Client, table: TargetTable, how: Merge): Promise<number> {
  const { mode, target } = how;
  if (mode === 'replace') {
    await merge(client, how);
    return numberOf(client, `SELECT count(*) AS n FROM ${target}`);
  }
  if (mode === 'append') return appended(client, table, how);
  const isPlain = table.helpers.length === 0 && table.kind !== 'v';
  const written = await merge(client, how);
  const isKeyOnly = how.columns.every((name) => how.key.includes(name));
  if (isPlain && !isKeyOnly) return written;
  const there = await numberOf(client, keysThere(how));
  return isKeyOnly ? there : Math.min(written, there);
}

const keysThere = (how: Merge): string => {
  const same = stagedKey(how).map(([staged, own]) => `t.${own} = s.${staged}`);
  return `SELECT count(*) AS n FROM ${staging} s WHERE EXISTS (SELECT FROM ${how.target} t WHERE ${same.join(' AND ')})`;
};

/**
 * A table's statistics count everything that this transaction does to it and to the tables below it, triggers included. A view has no statistics: its count
 * includes rows that others add meanwhile.
 */
const appended = async (client: pg.Client, { id, kind, helpers }: TargetTable, how: Merge): Promise<number> => {
  const isTable = kind === 'r' || kind === 'p';
  const isCounted = isTable && (await numberOf(client, isCounting)) === 1;
  if (!isCounted && helpers.length === 0) return merge(client, how);
  const text = isCounted ? changes(id) : `SELECT count(*) AS n FROM ${how.target}`;
  const before = await numberOf(client, text);
  await merge(client, how);
  return (await numberOf(client, text)) - before;
};

const isCounting = "SELECT pg_catalog.current_setting('track_counts')::boolean::int AS n";

const changes = (id: string): string => `
  WITH RECURSIVE tree AS (
    SELECT ${Number(id)}::oid AS id
    UNION
    SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.id)
  SELECT coalesce(sum(pg_catalog.pg_stat_get_xact_tuples_inserted(id) - pg_catalog.pg_stat_get_xact_tuples_deleted(id)), 0) AS n FROM tree`;

const numberOf = async (client: pg.Client, text: string): Promise<number> =>
  Number((await client.query<{ n: string }>(text)).rows[0]?.n);
