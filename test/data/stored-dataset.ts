import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetPart } from '../../lib/contract/records/dataset.ts';
import type { ReadableDataset } from '../../lib/data/read/fetched-datasets.ts';
import { quoteText } from '../../lib/duckdb/quote.ts';
import type { Session } from '../../lib/duckdb/session.ts';
import type { ObjectStore } from '../../lib/ports/ports.ts';

type Columns = Readonly<Record<string, string>>;

const putPart = async (store: ObjectStore, index: number, rows: number, body: Buffer): Promise<DatasetPart> => {
  const key = `p/d/part-${String(index).padStart(5, '0')}.parquet`;
  await store.put(key, body);
  return { key, rows, bytes: body.length, sha256: createHash('sha256').update(body).digest('hex') };
};

/** A dataset whose parts DuckDB wrote itself: one per query, `p/d/part-00000.parquet` and so on. */
export async function storeDataset(
  session: Session,
  store: ObjectStore,
  columns: Columns,
  queries: readonly string[],
): Promise<ReadableDataset> {
  const parts: DatasetPart[] = [];
  for (const [index, query] of queries.entries()) {
    const file = join(session.folder, `stored-${index}.parquet`);
    await session.run(`COPY (${query}) TO ${quoteText(file)} (FORMAT parquet, COMPRESSION zstd)`);
    const [counted] = await session.all(`SELECT count(*)::INTEGER AS count FROM read_parquet(${quoteText(file)})`);
    parts.push(await putPart(store, index, Number(counted?.count), await readFile(file)));
  }
  return { columns, bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0), parts };
}

/** A dataset of one file with some changed bytes. Its entry claims that the file was written so. */
export async function sealedPart(
  store: ObjectStore,
  file: string,
  { columns, rows }: { readonly columns: Columns; readonly rows: number },
  change: (bytes: Buffer) => Buffer,
): Promise<ReadableDataset> {
  const part = await putPart(store, 0, rows, change(await readFile(file)));
  return { columns, bytes: part.bytes, parts: [part] };
}
