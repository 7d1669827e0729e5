import { PermanentError } from '../../../contract/errors.ts';
import type { Rows, RunFacts, Step } from '../../../runtime/step.ts';
import type { PostgresOptions } from '../connection-settings.ts';
import { noteLoad, takeTurn } from './ledger.ts';
import { mayLoad } from './may-load.ts';
import type { LoadMode } from './merge.ts';
import { moveRows } from './move-rows.ts';
import { inLoad } from './open-load.ts';
import { stageAll } from './stage-all.ts';
import { targetTable } from './target-table.ts';

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

/** The result of a load. */
export interface Loaded {
  readonly rows: number;
  /** False when this step had appended the same rows in this run already: then nothing was done. Always true of `replace` and `upsert`. */
  readonly applied: boolean;
}

/** The part of a step that loading uses. */
export type LoadStep = Pick<Step, 'signal' | 'progress' | 'name'> & {
  readonly run: Pick<RunFacts, 'pipeline' | 'run_id' | 'execution'> & Partial<Pick<RunFacts, 'requested' | 'turn'>>;
};

const modes: readonly LoadMode[] = ['replace', 'append', 'upsert'];

/**
 * Loads rows into a table of PostgreSQL: copied into a staging table, then moved in the same transaction, with a line in the ledger `daybreak_loads` beside the table. So a load that dies anywhere
 * has no effect. `replace` and `upsert` are always done; `append` once per run. Every value arrives exactly, or is a ValidationError with row, column and value. A load that comes too late, and one
 * of which not all rows arrive, are PermanentErrors and change nothing.
 */
export async function loadPostgres(step: LoadStep, rows: Rows, target: PostgresTarget): Promise<Loaded> {
  const { mode } = target;
  if (!modes.includes(mode))
    throw new PermanentError(`there is no mode ${JSON.stringify(mode)}: it is one of ${modes.join(', ')}`);
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
    // From here on, other loads of the table wait.
    return run(async () => {
      await takeTurn(client, table.schema, table.quoted);
      const isDue = await mayLoad(client, table, { ...load, ...staged });
      const columns = table.columns.map(({ name }) => name);
      if (isDue) await moveRows(client, table, { mode, target: table.quoted, columns, key, staged: staged.rows });
      if (isDue) await noteLoad(client, table.schema, { ...load, ...staged });
      return { rows: staged.rows, applied: isDue };
    });
  });
}
