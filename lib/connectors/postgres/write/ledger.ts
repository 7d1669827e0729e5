import type pg from 'pg';
import { ident } from '../sql.ts';
import type { LoadMode } from './merge.ts';

/** One load: its run and step, and its target. */
export interface Load {
  readonly pipeline: string;
  readonly run: string;
  readonly step: string;
  /** The table, quoted. */
  readonly target: string;
  readonly mode: LoadMode;
  /** Columns of an upsert's key. */
  readonly key: readonly string[];
  readonly execution: number;
  /** The execution in which the step was asked for. */
  readonly requested: number;
  /** For a pipeline whose runs take turns: the turn of this execution, and the turn in which the step was asked for. */
  readonly turn: { readonly key: string; readonly number: number; readonly requested: number } | null;
  /** SHA-256 of the rows. */
  readonly digest: string;
  readonly rows: number;
}

/** A load that the ledger records. */
export interface LedgerLine {
  readonly run: string;
  readonly execution: number;
  readonly requested: number;
  readonly digest: string;
  readonly loaded_at: string;
}

/** The table that records loads, beside the loaded tables. */
const ledgerTable = 'daybreak_loads';

const primaryKey = 'PRIMARY KEY (pipeline, step, target, mode, key, run_id)';

const definition = (ledger: string): string => `
  CREATE TABLE IF NOT EXISTS ${ledger} (
    pipeline text NOT NULL,
    step text NOT NULL,
    target text NOT NULL,
    mode text NOT NULL,
    key text NOT NULL,
    run_id text NOT NULL,
    execution bigint NOT NULL,
    requested bigint NOT NULL,
    turn_key text,
    turn bigint,
    turn_requested bigint,
    digest text NOT NULL,
    row_count bigint NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT now(),
    ${primaryKey}
  )`;

/** A ledger in the first format has one line per run, step and table, without mode and turns. */
const extension = (ledger: string): string => {
  const added = [
    "mode text NOT NULL DEFAULT 'append'",
    "key text NOT NULL DEFAULT ''",
    'execution bigint NOT NULL DEFAULT 1',
    'requested bigint NOT NULL DEFAULT 1',
    'turn_key text',
    'turn bigint',
    'turn_requested bigint',
  ].map((column) => `ADD COLUMN ${column}`);
  return `ALTER TABLE ${ledger} ${added.join(', ')}, DROP CONSTRAINT ${ledgerTable}_pkey, ADD ${primaryKey}`;
};

const quoted = (schema: string): string => ident(schema, ledgerTable).text;

/** Takes the turn of a table: until the transaction ends, other loads of the table wait. Creates the ledger in its schema if there is none. */
export async function takeTurn(client: pg.Client, schema: string, target: string): Promise<void> {
  const ledger = quoted(schema);
  if ((await findLedger(client, ledger)) !== 'whole') {
    // Two loads that create it at once would violate the catalogue's own keys.
    await lock(client, `daybreak ledger ${schema}`);
    const found = await findLedger(client, ledger);
    if (found !== 'whole') await client.query(found === 'none' ? definition(ledger) : extension(ledger));
  }
  await lock(client, `daybreak load ${target}`);
}

const findLedger = async (client: pg.Client, ledger: string): Promise<'none' | 'first form' | 'whole'> => {
  const { rows } = await client.query<{ found: boolean; whole: boolean }>(
    `SELECT c.id IS NOT NULL AS found, EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.id AND a.attname = 'turn_requested') AS whole
     FROM (SELECT pg_catalog.to_regclass($1) AS id) c`,
    [ledger],
  );
  if (rows[0]?.whole) return 'whole';
  return rows[0]?.found ? 'first form' : 'none';
};

const lock = (client: pg.Client, name: string) =>
  client.query('SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended($1, 0))', [name]);

const keyText = (key: readonly string[]): string => (key.length === 0 ? '' : JSON.stringify(key));

const lineColumns = `run_id AS run, execution::int AS execution, requested::int AS requested, digest, pg_catalog.to_char(loaded_at, 'YYYY-MM-DD HH24:MI:SS') AS loaded_at`;

/** The line of the same load from an earlier attempt; null if there is none. */
export async function ownLine(client: pg.Client, schema: string, load: Load): Promise<LedgerLine | null> {
  const { pipeline, step, target, mode, key, run } = load;
  const { rows } = await client.query<LedgerLine>(
    `SELECT ${lineColumns} FROM ${quoted(schema)}
     WHERE pipeline = $1 AND step = $2 AND target = $3 AND mode = $4 AND key = $5 AND run_id = $6`,
    [pipeline, step, target, mode, keyText(key), run],
  );
  return rows[0] ?? null;
}

/**
 * The latest load of the same step into the table that counts as later than this one: by a later execution of the run, in a later turn, or for a run that was
 * requested later.
 */
export async function laterLine(client: pg.Client, schema: string, load: Load): Promise<LedgerLine | null> {
  const { pipeline, step, target, run, execution, turn } = load;
  const { rows } = await client.query<LedgerLine>(
    `SELECT ${lineColumns} FROM ${quoted(schema)}
     WHERE pipeline = $1 AND step = $2 AND target = $3
       AND (run_id = $4 AND execution > $5 OR turn_key = $6 AND (turn > $7 OR run_id <> $4 AND turn_requested > $8))
     ORDER BY turn DESC NULLS LAST, execution DESC LIMIT 1`,
    [pipeline, step, target, run, execution, turn?.key ?? null, turn?.number ?? null, turn?.requested ?? null],
  );
  return rows[0] ?? null;
}

/** Writes the line of a load, in the transaction of the load. */
export async function noteLoad(client: pg.Client, schema: string, load: Load): Promise<void> {
  const { pipeline, step, target, mode, key, run, execution, requested, turn, digest, rows } = load;
  const names = 'pipeline, step, target, mode, key, run_id';
  const facts = ['execution', 'requested', 'turn_key', 'turn', 'turn_requested', 'digest', 'row_count'];
  await client.query(
    `INSERT INTO ${quoted(schema)} (${names}, ${facts.join(', ')}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     ON CONFLICT (${names}) DO UPDATE SET ${facts.map((name) => `${name} = EXCLUDED.${name}`).join(', ')}, loaded_at = now()`,
    [
      ...[pipeline, step, target, mode, keyText(key), run, execution, requested],
      ...[turn?.key ?? null, turn?.number ?? null, turn?.requested ?? null, digest, rows],
    ],
  );
}
