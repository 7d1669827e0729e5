import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Query } from '../../duckdb/query.ts';
import type { Session } from '../../duckdb/session.ts';
import { parquetOptions } from './parquet-options.ts';

/** Size of one file: some seconds of a query's work, and a second of an upload. */
const fileBytes = 64 * 1024 * 1024;

/** Counts for the whole process, so that no two files have the same name. */
let copied = 0;

/** Writes a query's result to Parquet files of the session's folder, in the order of its rows. A result without rows may give one file without rows. */
export async function* copyQuery(
  session: Session,
  query: Query,
  { name, rowBytes }: { readonly name: string; readonly rowBytes: number },
): AsyncGenerator<string, void, void> {
  copied += 1;
  const folder = join(session.folder, `${name}-query-${copied}`);
  await query.copyTo(folder, `${parquetOptions(rowBytes)}, FILE_SIZE_BYTES ${fileBytes}`);
  // data_10 must come after data_9.
  const number = (file: string): number => Number(/\d+/.exec(file)?.[0]);
  const files = await readdir(folder);
  for (const file of files.sort((a, b) => number(a) - number(b))) yield join(folder, file);
}
