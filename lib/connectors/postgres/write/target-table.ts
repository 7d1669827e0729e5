import type pg from 'pg';
import { PermanentError } from '../../../contract/errors.ts';
import { serverTypes } from '../server-type.ts';
import { ident } from '../sql.ts';
import { columnEncoder } from './values/column-encoder.ts';
import type { Encoder } from './values/encoder.ts';

/** A column of the target table. */
export interface TargetColumn {
  readonly name: string;
  /** PostgreSQL's name of the type, with its modifier: `numeric(18,2)`, or a domain. */
  readonly shown: string;
  /** The type that texts are cast to; assigning to the column does the rest. */
  readonly cast: string;
  readonly isNullable: boolean;
  readonly encoder: Encoder;
}

/** A table that receives rows. */
export interface TargetTable {
  readonly id: string;
  /** `r` for a table, `p` for a partitioned one, `v` for a view, `f` for a foreign table. */
  readonly kind: string;
  readonly schema: string;
  /** With its schema, quoted. */
  readonly quoted: string;
  readonly columns: readonly TargetColumn[];
  /** Triggers and rules that act when rows are written, in words: `trigger "audit" (BEFORE)`. */
  readonly helpers: readonly string[];
  /** True if policies decide which rows this role sees. */
  readonly hidesRows: boolean;
  /** Foreign keys of other tables that delete or clear their rows when a row is deleted here: `orders (ON DELETE CASCADE)`. */
  readonly cascades: readonly string[];
}

/** A column as the catalogue has it. */
interface FoundColumn {
  readonly name: string;
  readonly shown: string;
  readonly id: number;
  readonly modifier: number;
  readonly notNull: boolean;
  /** True if the column has a default, is an identity or is computed. */
  readonly fillsItself: boolean;
  readonly isGenerated: boolean;
  readonly isAlwaysIdentity: boolean;
}

interface FoundTable {
  readonly id: string;
  readonly kind: string;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly FoundColumn[];
  readonly helpers: readonly string[];
  readonly fillsRows: boolean;
  readonly hidesRows: boolean;
  readonly cascades: readonly string[];
}

/** Finds a table and the columns to write. Throws a PermanentError that lists all obstacles. */
export async function targetTable(
  client: pg.Client,
  table: string | readonly string[],
  written: readonly string[],
): Promise<TargetTable> {
  const names = typeof table === 'string' ? table.split('.') : table;
  const { rows } = await client.query<FoundTable>(tableOf, [ident(...names).text]);
  const found = rows[0];
  if (found === undefined)
    throw new PermanentError(`there is no table ${ident(...names).text}, or this role may not see it`);
  const quoted = ident(found.schema, found.name).text;
  const problems = [...problemsOfNames(written, found, quoted), ...problemsOfColumns(written, found)];
  if (problems.length > 0) throw new PermanentError(`no row can be written: ${problems.join('; ')}`);
  const columns = written.flatMap((name) => found.columns.filter((column) => column.name === name));
  const types = await serverTypes(client, columns);
  const { id, kind, schema, helpers, hidesRows, cascades } = found;
  return {
    ...{ id, kind, schema, quoted, helpers, hidesRows, cascades },
    columns: columns.map(({ name, shown, notNull }, index) => {
      const type = types[index];
      if (type === undefined) throw new Error(`the server does not know the type of its column ${name}`);
      // A trigger may fill in a null.
      return { name, shown, cast: type.cast, isNullable: !notNull || found.fillsRows, encoder: columnEncoder(type) };
    }),
  };
}

const problemsOfNames = (written: readonly string[], { columns }: FoundTable, quoted: string): string[] => {
  if (written.length === 0) return ['no column is named that would be written'];
  const twice = written.find((name, index) => written.indexOf(name) !== index);
  if (twice !== undefined) return [`the column "${twice}" is named twice`];
  const missing = written.filter((name) => !columns.some((column) => column.name === name));
  return missing.length === 0
    ? []
    : [`the table ${quoted} has no column ${missing.join(', ')}; it has ${columns.map(({ name }) => name).join(', ')}`];
};

const problemsOfColumns = (written: readonly string[], { kind, columns, fillsRows }: FoundTable): string[] => {
  if (!'rpvf'.includes(kind)) return ['it is no table, view or foreign table'];
  return columns.flatMap((column) => {
    const { name, shown } = column;
    if (!written.includes(name)) {
      return column.notNull && !column.fillsItself && !fillsRows
        ? [
            `the column "${name}" (${shown}) is NOT NULL, has no default, and is not among the columns: write it, or give it a default`,
          ]
        : [];
    }
    if (column.isGenerated)
      return [`the column "${name}" is computed by the table (GENERATED ALWAYS AS): leave it out`];
    return column.isAlwaysIdentity
      ? [
          `the column "${name}" is numbered by the table (GENERATED ALWAYS AS IDENTITY): leave it out, or make it GENERATED BY DEFAULT`,
        ]
      : [];
  });
};

/**
 * The tree is the table with its partitions and its other children. Internal triggers, for example those of foreign keys, belong to the server. Bits of tgtype:
 * 1 for each row, 2 before, 4 insert, 64 instead of.
 */
const tableOf = `
  WITH RECURSIVE tree AS (
    SELECT pg_catalog.to_regclass($1)::oid AS id
    UNION
    SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.id)
  SELECT c.oid::text AS id, c.relkind::text AS kind, n.nspname AS schema, c.relname AS name,
    pg_catalog.row_security_active(c.oid) AS "hidesRows",
    EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgtype::int & 5 = 5 AND t.tgtype::int & 66 <> 0) AS "fillsRows",
    ARRAY(
      SELECT 'trigger ' || pg_catalog.quote_ident(t.tgname) || CASE WHEN t.tgtype::int & 64 <> 0 THEN ' (INSTEAD OF)' WHEN t.tgtype::int & 2 <> 0 THEN ' (BEFORE)' ELSE ' (AFTER)' END
      FROM pg_catalog.pg_trigger t
      WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'
        AND t.tgrelid IN (SELECT id FROM tree)
      UNION
      SELECT 'rule ' || pg_catalog.quote_ident(r.rulename) || CASE WHEN r.is_instead THEN ' (INSTEAD)' ELSE ' (ALSO)' END
      FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type <> '1' AND r.ev_enabled <> 'D') AS helpers,
    ARRAY(
      SELECT DISTINCT f.conrelid::pg_catalog.regclass::text || CASE f.confdeltype WHEN 'c' THEN ' (ON DELETE CASCADE)' WHEN 'n' THEN ' (ON DELETE SET NULL)' ELSE ' (ON DELETE SET DEFAULT)' END
      FROM pg_catalog.pg_constraint f
      WHERE f.contype = 'f' AND f.confdeltype IN ('c', 'n', 'd') AND f.confrelid IN (SELECT id FROM tree) AND f.conrelid NOT IN (SELECT id FROM tree)) AS cascades,
    (SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
        'name', a.attname, 'shown', pg_catalog.format_type(a.atttypid, a.atttypmod), 'id', a.atttypid::int8, 'modifier', a.atttypmod,
        'notNull', a.attnotnull, 'fillsItself', a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL,
        'isGenerated', a.attgenerated <> '', 'isAlwaysIdentity', a.attidentity = 'a') ORDER BY a.attnum), '[]')
     FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid = pg_catalog.to_regclass($1)`;
