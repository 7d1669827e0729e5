import type pg from 'pg';
import { PermanentError } from '../../../contract/errors.ts';
import { resumeCommand } from '../../../runtime/resume-command.ts';
import { ident } from '../sql.ts';
import { type Load, laterLine, ownLine } from './ledger.ts';
import { stagedNames } from './merge.ts';
import { staging } from './staging.ts';
import type { TargetTable } from './target-table.ts';

/**
 * True if the staged rows are to be loaded; false for an append that was done before. A late load is a PermanentError: an attempt of an execution that another
 * has followed, an execution that lost its turn, or an older run that would overwrite the rows of a newer one.
 */
export async function mayLoad(client: pg.Client, table: TargetTable, load: Load): Promise<boolean> {
  const later = await laterLine(client, table.schema, load);
  if (later !== null && (load.mode !== 'append' || later.run === load.run)) throw tooLate(load, later);
  return load.mode === 'append' ? mayAppend(client, table, load) : true;
}

const tooLate = (
  { pipeline, run, step, target, execution }: Load,
  later: { readonly run: string; readonly execution: number; readonly loaded_at: string },
): PermanentError => {
  if (later.run === run)
    return new PermanentError(
      `execution ${execution} of run ${run} came too late: execution ${later.execution} has loaded ${target} since (${later.loaded_at} UTC); nothing was loaded`,
    );
  return new PermanentError(
    `run ${later.run} is newer than run ${run} and has loaded ${target} since (${later.loaded_at} UTC); nothing was loaded. To put the older rows over its rows: ${resumeCommand({ pipeline, run_id: run }, '--from', step)}`,
  );
};

/** Appended rows cannot be taken back, so each run appends once. `--from` asks for it again: then the table must have all of these rows, or none. */
const mayAppend = async (client: pg.Client, table: TargetTable, load: Load): Promise<boolean> => {
  const before = await ownLine(client, table.schema, load);
  if (before === null) return true;
  if (before.digest !== load.digest)
    throw new PermanentError(
      `this run has appended other rows to ${load.target} already, which cannot be taken back: use mode "upsert" with a key, or "replace"`,
    );
  if (load.requested <= before.requested) return false;
  const missing = await countMissing(client, table);
  if (missing === 0) return false;
  if (missing === load.rows && table.helpers.length === 0) return true;
  throw new PermanentError(
    `this run has appended ${load.rows} rows to ${load.target} already (${before.loaded_at} UTC), and ${missing} of them are missing or changed: they may exist in another form. To append all of them again, delete the line of run ${load.run} and step ${load.step} from ${ident(table.schema, 'daybreak_loads').text} first`,
  );
};

/** Staged rows that the table lacks, compared by the texts of their columns, since not every type can be compared. */
const countMissing = async (client: pg.Client, { quoted, columns }: TargetTable): Promise<number> => {
  const asTexts = (names: readonly string[]): string =>
    `ARRAY[${names.map((name) => `pg_catalog.format('%s', ${name})`).join(', ')}], ARRAY[${names.map((name) => `${name} IS NULL`).join(', ')}]`;
  const own = columns.map(({ name }) => name);
  const { rows } = await client.query<{ missing: string }>(
    `SELECT count(*) AS missing FROM (SELECT ${asTexts(stagedNames(own))} FROM ${staging} EXCEPT ALL SELECT ${asTexts(own.map((name) => ident(name).text))} FROM ${quoted}) AS missing`,
  );
  return Number(rows[0]?.missing);
};
