import type pg from 'pg';
import { ident } from '../sql.ts';

/** One load: what was loaded, by whom, and where to. */
export interface Load {
  readonly pipeline: string;
  readonly run: string;
  readonly step: string;
  /** The table, quoted. */
  readonly target: string;
  /** SHA-256 of the rows. */
  readonly digest: string;
  readonly rows: number;
}

/** What keeps account of loads, so that each has one effect. */
const ledgerTable = 'daybreak_loads';

const definition = `
  CREATE TABLE IF NOT EXISTS ${ledgerTable} (
    pipeline text NOT NULL,
    run_id text NOT NULL,
    step text NOT NULL,
    target text NOT NULL,
    digest text NOT NULL,
    row_count bigint NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (pipeline, run_id, step, target)
  )`;

const quoted = (schema: string): string => ident(schema, ledgerTable).text;

/** Takes the turn of a table: until the transaction ends, no other load of it goes on. Makes the ledger in its schema where there is none. */
export async function takeTurn(client: pg.Client, schema: string, target: string): Promise<void> {
  const { rows } = await client.query<{ there: boolean }>('SELECT pg_catalog.to_regclass($1) IS NOT NULL AS there', [
    quoted(schema),
  ]);
  if (rows[0]?.there !== true) {
    // Two that make it at once would break on the catalogue's own keys.
    await lock(client, `daybreak ledger ${schema}`);
    await client.query(definition.replace(ledgerTable, () => quoted(schema)));
  }
  await lock(client, `daybreak load ${target}`);
}

const lock = (client: pg.Client, name: string) =>
  client.query('SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended($1, 0))', [name]);

/** Digest of what the step has loaded in this run; null when it has not. */
export async function loadedDigest(client: pg.Client, schema: string, load: Load): Promise<string | null> {
  const { rows } = await client.query<{ digest: string }>(
    `SELECT digest FROM ${quoted(schema)} WHERE pipeline = $1 AND run_id = $2 AND step = $3 AND target = $4`,
    [load.pipeline, load.run, load.step, load.target],
  );
  return rows[0]?.digest ?? null;
}

/** Notes a load, in the transaction that does it. */
export async function noteLoad(client: pg.Client, schema: string, load: Load): Promise<void> {
  await client.query(
    `INSERT INTO ${quoted(schema)} (pipeline, run_id, step, target, digest, row_count) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (pipeline, run_id, step, target) DO UPDATE SET digest = EXCLUDED.digest, row_count = EXCLUDED.row_count, loaded_at = now()`,
    [load.pipeline, load.run, load.step, load.target, load.digest, load.rows],
  );
}
