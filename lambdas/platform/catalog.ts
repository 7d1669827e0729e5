import { followPointer } from '../../lib/catalog/follow-pointer.ts';
import { PermanentError } from '../../lib/contract/errors.ts';
import { openGlueCatalog } from '../../lib/ports/aws/catalog/open-glue-catalog.ts';
import { processPorts } from '../../lib/runtime/execution/platform-handler.ts';

/**
 * Lambda entry that makes the tables of the data catalog those that readers of the pipeline `DAYBREAK_PIPELINE` see. `DAYBREAK_CATALOG` is the database, `DAYBREAK_TABLES` a list of the tables that it may have. The
 * event only says that something may have changed: the pointer in the store decides. It fails if a dataset cannot be a table, after it has made the others.
 */
export async function handler() {
  const { DAYBREAK_PIPELINE: pipeline, DAYBREAK_CATALOG: database, DAYBREAK_TABLES: tables } = process.env;
  if (!pipeline || !database || !tables)
    throw new PermanentError(
      'DAYBREAK_PIPELINE, DAYBREAK_CATALOG or DAYBREAK_TABLES is not set: they name the pipeline, the database and its tables',
    );
  const { store } = await processPorts();
  const catalog = openGlueCatalog(database, process.env);
  const names = JSON.parse(tables) as string[];
  const { changed, removed, faults } = await followPointer({ store, pipeline, catalog, names });
  if (faults.length > 0) throw new PermanentError(`not in the data catalog: ${faults.join(' | ')}`);
  return { changed, removed };
}
