import { expect, test } from 'vitest';
import type { DatasetEntry } from '../../../lib/contract/records/dataset.ts';
import type { DataPorts } from '../../../lib/data/data-ports.ts';
import { FetchedDatasets } from '../../../lib/data/read/fetched-datasets.ts';
import { readRows } from '../../../lib/data/read/read-rows.ts';
import { DatasetWriter } from '../../../lib/data/write/dataset-writer.ts';
import { openEngine } from '../../../lib/duckdb/open-engine.ts';
import type { Session } from '../../../lib/duckdb/session.ts';
import { rememberingEngine } from '../../../lib/offline/faults/world/remembering-engine.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';

const rowsOf = (text: string) => Array.from({ length: 3_000 }, (_, id) => ({ id, text: `${text} ${id}` }));

/** Writes rows with this session, and reads them again, twice. */
const roundTrip = async (session: Session, text: string) => {
  const place: DataPorts = { store: new MemoryObjectStore(), session: async () => session };
  const writer = new DatasetWriter(place, {
    dataset: 'd',
    dataPrefix: 'p/',
    columns: { id: 'BIGINT', text: 'VARCHAR' },
  });
  await writer.append(rowsOf(text));
  const entry: DatasetEntry = await writer.close();
  const fetched = new FetchedDatasets(place.store, { folder: session.folder });
  const read: unknown[][] = [[], []];
  for (const rows of read) for await (const batch of readRows({ session, fetched }, entry)) rows.push(...batch);
  await session.close();
  return { entry, read };
};

test('what is remembered is what the engine itself makes, however often it is asked for, and other rows are other work', async () => {
  const real = await roundTrip(await (await openEngine()).session(), 'a');
  const engine = await rememberingEngine();
  for (let time = 0; time < 3; time += 1) {
    expect(await roundTrip(await engine.session(), 'a')).toStrictEqual(real);
  }
  const other = await roundTrip(await engine.session(), 'b');
  expect(other.read[1]).toStrictEqual(rowsOf('b'));
  expect(other.entry.content_digest).not.toBe(real.entry.content_digest);
});
