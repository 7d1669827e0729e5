import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetPart } from '../../lib/contract/records.ts';
import type { ReadableDataset } from '../../lib/data/fetched-datasets.ts';
import { quoteText } from '../../lib/duckdb/quote.ts';
import type { Session } from '../../lib/duckdb/session.ts';
import type { ObjectStore } from '../../lib/ports/ports.ts';

/** A dataset whose parts DuckDB wrote itself: one per query, `p/d/part-00000.parquet` and so on. */
export const storeDataset = async (
  session: Session,
  store: ObjectStore,
  columns: Readonly<Record<string, string>>,
  queries: readonly string[],
): Promise<ReadableDataset> => {
  const parts: DatasetPart[] = [];
  for (const [index, query] of queries.entries()) {
    const file = join(session.folder, `stored-${index}.parquet`);
    await session.run(`COPY (${query}) TO ${quoteText(file)} (FORMAT parquet, COMPRESSION zstd)`);
    const [counted] = await session.all(`SELECT count(*)::INTEGER AS count FROM read_parquet(${quoteText(file)})`);
    const body = await readFile(file);
    const key = `p/d/part-${String(index).padStart(5, '0')}.parquet`;
    await store.put(key, body);
    parts.push({
      key,
      rows: Number(counted?.count),
      bytes: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
    });
  }
  return {
    columns,
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    parts,
  };
};
