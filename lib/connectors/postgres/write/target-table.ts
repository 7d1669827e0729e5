import type pg from 'pg';
import { PermanentError } from '../../../contract/errors.ts';
import { ident } from '../sql.ts';
import type { TargetColumn } from './copy-text.ts';

/** A table that rows go into. */
export interface TargetTable {
  readonly schema: string;
  /** With its schema, quoted. */
  readonly quoted: string;
  readonly columns: readonly TargetColumn[];
}

/** Finds a table and the columns to write; a PermanentError says what is not there. */
export async function targetTable(
  client: pg.Client,
  table: string | readonly string[],
  wanted: readonly string[],
): Promise<TargetTable> {
  const names = typeof table === 'string' ? table.split('.') : table;
  const { rows } = await client.query<{ schema: string; name: string; columns: TargetColumn[] }>(columnsOf, [
    ident(...names).text,
  ]);
  const found = rows[0];
  if (found === undefined)
    throw new PermanentError(`there is no table ${ident(...names).text}, or this role may not see it`);
  if (wanted.length === 0) throw new PermanentError('no column is named that would be written');
  const twice = wanted.find((name, index) => wanted.indexOf(name) !== index);
  if (twice !== undefined) throw new PermanentError(`the column "${twice}" is named twice`);
  const columns = wanted.map((name) => found.columns.find((column) => column.name === name));
  const missing = wanted.filter((_, index) => columns[index] === undefined);
  const quoted = ident(found.schema, found.name).text;
  if (missing.length === 0)
    return { schema: found.schema, quoted, columns: columns.filter((column) => column !== undefined) };
  throw new PermanentError(
    `the table ${quoted} has no column ${missing.join(', ')}; it has ${found.columns.map(({ name }) => name).join(', ')}`,
  );
}

const columnsOf = `
  SELECT n.nspname AS schema, c.relname AS name, (
    SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
      'name', a.attname, 'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
      'isArray', t.typcategory = 'A', 'isJson', t.typname IN ('json', 'jsonb')) ORDER BY a.attnum)
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid = pg_catalog.to_regclass($1)`;
