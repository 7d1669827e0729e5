import { afterAll } from 'vitest';
import type { DatasetEntry } from '../../lib/contract/records/dataset.ts';
import type { DataPorts } from '../../lib/data/data-ports.ts';
import { FetchedDatasets } from '../../lib/data/read/fetched-datasets.ts';
import { readRows } from '../../lib/data/read/read-rows.ts';
import type { Row } from '../../lib/data/row.ts';
import { openEngine } from '../../lib/duckdb/open-engine.ts';
import type { Session } from '../../lib/duckdb/session.ts';
import type { ObjectStore } from '../../lib/ports/ports.ts';

let session: Promise<Session> | null = null;

afterAll(async () => {
  await (await session)?.close();
  session = null;
});

/** The single session of a test file. */
export function testSession(): Promise<Session> {
  session ??= openEngine().then((engine) => engine.session());
  return session;
}

/** The ports with this store and the session of the test file. */
export function dataPorts<Store extends ObjectStore>(store: Store): DataPorts & { readonly store: Store } {
  return {
    store,
    session: testSession,
  };
}

/** All rows of a dataset, as a handler reads them. */
export async function readAll({ store }: DataPorts, entry: DatasetEntry, batchSize = 1000): Promise<Row[]> {
  const opened = await testSession();
  const fetched = new FetchedDatasets(store, { folder: opened.folder });
  const rows: Row[] = [];
  for await (const batch of readRows({ session: opened, fetched }, entry, { batchSize })) rows.push(...batch);
  return rows;
}
