/**
 * Passes generated orders through JavaScript as a handler does, in a separate process, and prints the costs as JSON.
 * Arguments: "in" (reads a dataset) or "out" (writes one), and the number of orders.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FetchedDatasets, type ReadableDataset } from '../../../lib/data/read/fetched-datasets.ts';
import { readRows } from '../../../lib/data/read/read-rows.ts';
import type { Row } from '../../../lib/data/row.ts';
import { DatasetWriter } from '../../../lib/data/write/dataset-writer.ts';
import { openEngine } from '../../../lib/duckdb/open-engine.ts';
import { quoteText } from '../../../lib/duckdb/quote.ts';
import { FolderObjectStore } from '../../../lib/ports/folder/folder-object-store.ts';

/** The costs of passing rows through JavaScript, without the costs of generating or storing them elsewhere. */
export interface RowCosts {
  readonly rows: number;
  readonly wallMs: number;
  /** User and system time of all threads, DuckDB's too. */
  readonly cpuMs: number;
  readonly peakMb: number;
}

const columns = {
  order_id: 'VARCHAR',
  customer_id: 'VARCHAR',
  order_date: 'TIMESTAMP',
  total_amount: 'DECIMAL(18,4)',
  items: 'STRUCT(product_id VARCHAR, quantity BIGINT, price DECIMAL(18,4))[]',
};

const session = await (await openEngine()).session();
const store = new FolderObjectStore(join(session.folder, 'store'));

const generate = async (count: number): Promise<ReadableDataset> => {
  const query = await readFile(new URL('orders.sql', import.meta.url), 'utf8');
  const orders = query.replaceAll('$seed', '7').replaceAll('$orders', String(count));
  const file = join(session.folder, 'orders.parquet');
  await session.run(`COPY (${orders}\n) TO ${quoteText(file)} (FORMAT parquet, COMPRESSION zstd)`);
  const body = await readFile(file);
  await store.upload('orders.parquet', file);
  const sha256 = createHash('sha256').update(body).digest('hex');
  const part = { key: 'orders.parquet', rows: count, bytes: body.length, sha256 };
  return { columns, bytes: part.bytes, parts: [part] };
};

/** Reads the dataset in the batches that a handler gets. */
const read = async (dataset: ReadableDataset, use: (batch: Row[]) => void): Promise<void> => {
  const folder = join(session.folder, 'fetched');
  await mkdir(folder);
  const fetched = new FetchedDatasets(store, { folder });
  for await (const batch of readRows({ session, fetched }, dataset)) use(batch);
};

const measured = async (rows: number, work: () => Promise<void>): Promise<RowCosts> => {
  const before = { cpu: process.cpuUsage(), wall: performance.now() };
  await work();
  const { user, system } = process.cpuUsage(before.cpu);
  return {
    rows,
    wallMs: performance.now() - before.wall,
    cpuMs: (user + system) / 1000,
    peakMb: process.resourceUsage().maxRSS / 1024,
  };
};

const readingOf = async (orders: number): Promise<RowCosts> => {
  const dataset = await generate(orders);
  let [rows, lines] = [0, 0];
  const costs = await measured(orders, () =>
    read(dataset, (batch) => {
      rows += batch.length;
      for (const { items } of batch) lines += (items as unknown[]).length;
    }),
  );
  if (rows !== orders || lines < 2 * orders) throw new Error(`${rows} rows with ${lines} lines were not generated`);
  return costs;
};

/** Rows that are written repeatedly, so that generating them does not count. */
const pool = 20_000;

const writingOf = async (orders: number): Promise<RowCosts> => {
  const batches: Row[][] = [];
  await read(await generate(pool), (batch) => void batches.push(batch));
  return measured(orders, async () => {
    const place = { store, session: () => Promise.resolve(session) };
    const writer = new DatasetWriter(place, { dataset: 'orders', dataPrefix: 'out/', columns });
    for (let each = 0; writer.rowCount < orders; each += 1) {
      await writer.append((batches[each % batches.length] ?? []).slice(0, orders - writer.rowCount));
    }
    const { rows } = await writer.close();
    if (rows !== orders) throw new Error(`${rows} rows were written, not ${orders}`);
  });
};

const [direction, count] = [process.argv[2], Number(process.argv[3])];
console.log(JSON.stringify(await (direction === 'in' ? readingOf(count) : writingOf(count))));
await session.close();
