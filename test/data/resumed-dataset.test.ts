import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DatasetSoFar } from '../../lib/contract/records/dataset.ts';
import type { DataPorts } from '../../lib/data/data-ports.ts';
import { DatasetWriter } from '../../lib/data/write/dataset-writer.ts';
import { MemoryObjectStore } from '../../lib/ports/memory/memory-object-store.ts';
import { keysOf } from '../ports/object-store.conformance.ts';
import { sized } from '../support/sized.ts';
import { dataPorts, readAll } from './data-ports.ts';

const columns = { id: 'BIGINT', text: 'VARCHAR' };
type Rows = readonly { id: number; text: string }[];

/** Writes the rows, and hands over to another writer (through JSON, like a checkpoint) after each of the counts. */
const writeInTurns = async (ports: DataPorts, rows: Rows, counts: readonly number[], partBytes = 1e9) => {
  let soFar: DatasetSoFar | undefined;
  const open = (turn: number) =>
    new DatasetWriter(ports, { dataset: 'd', dataPrefix: `${turn}/`, columns, partBytes, ...(soFar && { soFar }) });
  let from = 0;
  for (const [turn, count] of counts.entries()) {
    const writer = open(turn);
    expect(writer.rowCount).toBe(from);
    void writer.append(rows.slice(from, from + count));
    soFar = JSON.parse(JSON.stringify(await writer.suspend())) as DatasetSoFar;
    from += Math.min(count, rows.length - from);
  }
  const last = open(counts.length);
  await last.append(rows.slice(from));
  return last.close();
};

/** Rows of which some fill a whole part, and text with several bytes per character. */
const row = fc.record({
  id: fc.nat(),
  text: fc.oneof(
    { weight: 8, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }).filter((text) => !text.includes('\0')) },
    fc.integer({ min: 10_000, max: 90_000 }).map((length) => 'é'.repeat(length)),
  ),
});

test('after any number of handovers, rows and content digest are those of one writer', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 60 }),
      fc.array(fc.nat(20), { maxLength: 6 }),
      fc.constantFrom(1, 300_000, 1e9),
      async (rows, counts, partBytes) => {
        const ports = dataPorts(new MemoryObjectStore());
        const entry = await writeInTurns(ports, rows, counts, partBytes);
        const whole = await writeInTurns(dataPorts(new MemoryObjectStore()), rows, []);
        expect(entry).toMatchObject({ rows: rows.length, content_digest: whole.content_digest });
        expect(await readAll(ports, entry)).toEqual(rows);
      },
    ),
    { numRuns: sized(10, 40) },
  );
});

test('a suspended writer takes no more rows, and aborting it deletes nothing', async () => {
  const store = new MemoryObjectStore();
  const writer = new DatasetWriter(dataPorts(store), { dataset: 'd', dataPrefix: '0/', columns });
  await writer.append([{ id: 1, text: 'a' }]);
  await writer.suspend();
  await expect(writer.append([{ id: 2, text: 'b' }])).rejects.toThrow('dataset "d" is closed already');
  await writer.abort();
  expect(await keysOf(store, '')).toEqual(['0/d/part-00000.parquet']);
});

test('a resumed writer that is aborted deletes only its own parts', async () => {
  const store = new MemoryObjectStore();
  const first = new DatasetWriter(dataPorts(store), { dataset: 'd', dataPrefix: '0/', columns });
  await first.append([{ id: 1, text: 'a' }]);
  const soFar = await first.suspend();
  const second = new DatasetWriter(dataPorts(store), { dataset: 'd', dataPrefix: '1/', columns, soFar, partBytes: 1 });
  await second.append([{ id: 2, text: 'b' }]);
  await second.abort();
  expect(await keysOf(store, '')).toEqual(['0/d/part-00000.parquet']);
});

test("columns other than those of a dataset's beginning are refused", async () => {
  const store = new MemoryObjectStore();
  const soFar = await new DatasetWriter(dataPorts(store), { dataset: 'd', dataPrefix: '0/', columns }).suspend();
  const open = () =>
    new DatasetWriter(dataPorts(store), { dataset: 'd', dataPrefix: '1/', columns: { id: 'VARCHAR' }, soFar });
  expect(open).toThrow('dataset "d" was begun with the columns {"id":"BIGINT","text":"VARCHAR"}');
});
