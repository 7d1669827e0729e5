import { PermanentError } from '../../../contract/errors.ts';
import { checkMaySend } from '../../../runtime/handler/may-send.ts';
import { announceLoad } from '../../../runtime/manifests/target-loads.ts';
import type { Rows, RunFacts, Step } from '../../../runtime/step.ts';
import type { PostgresOptions } from '../connection-settings.ts';
import { noteLoad, takeTurn } from './ledger.ts';
import { mayLoad } from './may-load.ts';
import type { LoadMode } from './merge.ts';
import { moveRows } from './move-rows.ts';
import { inLoad } from './open-load.ts';
import { stageAll } from './stage-all.ts';
import { targetTable } from './target-table.ts';

/** A table, and how to load it. */
export interface PostgresTarget extends PostgresOptions {
  /** `orders`, or with its schema `sales.orders`; a list of names if one holds a point. */
  readonly table: string | readonly string[];
  /** Columns to write, by the names that rows and table share. */
  readonly columns: readonly string[];
  /** `replace`: the table then has exactly these rows. `append`: adds these rows. `upsert`: these rows replace those with the same key. */
  readonly mode: LoadMode;
  /** For an upsert: the columns of a unique index. */
  readonly key?: string | readonly string[];
  /** For a replace: true if rows of other tables may be deleted or cleared by their foreign keys (ON DELETE CASCADE, SET NULL, SET DEFAULT). */
  readonly cascade?: boolean;
}

/** The result of a load. */
export interface Loaded {
  readonly rows: number;
  /** False if this step had already appended the same rows in this run: then nothing was done. Always true for `replace` and `upsert`. */
  readonly applied: boolean;
}

/** The part of a step that loading uses. */
export type LoadStep = Pick<Step, 'signal' | 'progress' | 'name'> & {
  readonly run: Pick<RunFacts, 'pipeline' | 'run_id' | 'execution'> &
    Partial<Pick<RunFacts, 'requested' | 'turn' | 'trial'>>;
};

const modes: readonly LoadMode[] = ['replace', 'append', 'upsert'];

/**
 * Loads rows into a PostgreSQL table. It copies them into a staging table, then moves them in the same transaction, with a line in the ledger `daybreak_loads`
 * beside the table. So a load that dies anywhere has no effect. `replace` and `upsert` are always done; `append` once per run. Every value arrives exactly, or
 * is a ValidationError with row, column and value. A late load, and a load of which not all rows arrive, are PermanentErrors and change nothing.
 */
export async function loadPostgres(step: LoadStep, rows: Rows, target: PostgresTarget): Promise<Loaded> {
  const { mode } = target;
  if (!modes.includes(mode))
    throw new PermanentError(`there is no mode ${JSON.stringify(mode)}: it is one of ${modes.join(', ')}`);
  checkMaySend(step.run, `the load of ${String(target.table)}`);
  const key = [target.key ?? []].flat();
  return inLoad(step, { options: target, doing: `loading ${String(target.table)}` }, async (open) => {
    const { client, run } = open;
    const table = await run(() => targetTable(client, target.table, target.columns));
    const staged = await stageAll(step, open, table.columns, rows);
    const { pipeline, run_id, execution, requested = 1, turn = null } = step.run;
    const load = {
      pipeline,
      run: run_id,
      step: step.name,
      target: table.quoted,
      mode,
      key,
      execution,
      requested,
      turn,
    };
    await announceLoad(step);
    // From here on, other loads of the table wait.
    return run(async () => {
      await takeTurn(client, table.schema, table.quoted);
      const isDue = await mayLoad(client, table, { ...load, ...staged });
      const columns = table.columns.map(({ name }) => name);
      const how = { mode, target: table.quoted, columns, key, staged: staged.rows, cascade: target.cascade ?? false };
      if (isDue) await moveRows(client, table, how);
      if (isDue) await noteLoad(client, table.schema, { ...load, ...staged });
      return { rows: staged.rows, applied: isDue };
    });
  });
}
