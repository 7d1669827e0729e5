/** Reads generated orders as a handler does, in a process of its own: prints what that cost as JSON. Argument: the number of orders. */
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FetchedDatasets } from '../../../lib/data/fetched-datasets.ts';
import { readRows } from '../../../lib/data/read-rows.ts';
import { openEngine } from '../../../lib/duckdb/open-engine.ts';
import { quoteText } from '../../../lib/duckdb/quote.ts';
import { FolderObjectStore } from '../../../lib/ports/folder-object-store.ts';

/** What passing rows through JavaScript cost, their making or storing by others apart. */
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
const orders = Number(process.argv[2]);

const generate = async (store: FolderObjectStore) => {
  const query = await readFile(new URL('orders.sql', import.meta.url), 'utf8');
  const file = join(session.folder, 'orders.parquet');
  await session.run(
    `COPY (${query.replaceAll('$seed', '7').replaceAll('$orders', String(orders))}\n) TO ${quoteText(file)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  const body = await readFile(file);
  await store.upload('orders.parquet', file);
  const sha256 = createHash('sha256').update(body).digest('hex');
  const part = { key: 'orders.parquet', rows: orders, bytes: body.length, sha256 };
  return { columns, bytes: part.bytes, parts: [part] };
};

const store = new FolderObjectStore(join(session.folder, 'store'));
const dataset = await generate(store);
const folder = join(session.folder, 'fetched');
await mkdir(folder);
const before = { cpu: process.cpuUsage(), wall: performance.now() };
let rows = 0;
let lines = 0;
for await (const batch of readRows({ session, fetched: new FetchedDatasets(store, { folder }) }, dataset)) {
  rows += batch.length;
  for (const { items } of batch) lines += (items as unknown[]).length;
}
if (rows !== orders || lines < 2 * orders)
  throw new Error(`${rows} rows with ${lines} lines are not what was generated`);
const { user, system } = process.cpuUsage(before.cpu);
const costs: RowCosts = {
  rows,
  wallMs: performance.now() - before.wall,
  cpuMs: (user + system) / 1000,
  peakMb: process.resourceUsage().maxRSS / 1024,
};
console.log(JSON.stringify(costs));
await session.close();
