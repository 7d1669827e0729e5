import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseColumns } from '../../columns/columns.ts';
import type { DatasetEntry } from '../../contract/records/dataset.ts';
import { fetchPart } from '../../data/read/fetch-part.ts';
import { addSums, contentDigest, noContent, partSumsSql } from '../../data/write/content-digest.ts';
import { openEngine } from '../../duckdb/open-engine.ts';
import type { ObjectStore } from '../../ports/ports.ts';

/** The rows of a dataset and the digest of its content, from its stored parts: the same computation as when it was written. One part at a time is on this machine. */
export async function recountDataset(
  store: ObjectStore,
  { columns, parts }: DatasetEntry,
): Promise<{ readonly rows: number; readonly content_digest: string }> {
  const session = await (await openEngine()).session({});
  const file = join(session.folder, 'part.parquet');
  try {
    let rows = 0;
    let sums = noContent;
    for (const part of parts) {
      await fetchPart(store, part, file, undefined);
      const [found = {}] = await session.all(partSumsSql(parseColumns('data', columns), file, rows), {
        values: {},
        source: { name: 'content of a dataset', text: '', tables: [] },
      });
      rows += Number(found.count);
      sums = addSums(sums, found);
      await rm(file, { force: true });
    }
    return { rows, content_digest: contentDigest(columns, rows, sums) };
  } finally {
    await session.close();
  }
}
