/**
 * Reads hostile files in a separate process. Each file has an entry that claims it was written so. Every case must end in rows or an error, not in a crash.
 * Prints one line of JSON per case. Arguments: "changed <seed> <count>", or "bombs".
 */
import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FetchedDatasets, type ReadableDataset } from '../../lib/data/read/fetched-datasets.ts';
import { readRows } from '../../lib/data/read/read-rows.ts';
import { openEngine } from '../../lib/duckdb/open-engine.ts';
import { quoteText } from '../../lib/duckdb/quote.ts';
import { MemoryObjectStore } from '../../lib/ports/memory/memory-object-store.ts';
import { sealedPart } from './stored-dataset.ts';

const session = await (await openEngine()).session();
const store = new MemoryObjectStore();
const file = join(session.folder, 'written.parquet');

const write = (query: string, options = 'COMPRESSION zstd'): Promise<void> =>
  session.run(`COPY (${query}) TO ${quoteText(file)} (FORMAT parquet, ${options})`);

const report = async (name: string, dataset: ReadableDataset): Promise<void> => {
  const folder = await mkdtemp(join(session.folder, 'fetched-'));
  const fetched = new FetchedDatasets(store, { folder, keepBytes: 0 });
  let rows = 0;
  let error: Error | null = null;
  try {
    for await (const batch of readRows({ session, fetched }, dataset)) rows += batch.length;
  } catch (thrown) {
    error = thrown as Error;
  }
  console.log(JSON.stringify({ name, rows, error: error?.name ?? null, message: error?.message ?? null }));
};

/** Minimal standard generator (Lehmer). */
const chance = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
};

/** One to twenty changed bytes. Every other one is in the first or last bytes of the file, which describe the rest. */
const changed = (bytes: Buffer, below: (below: number) => number): Buffer => {
  const copy = Buffer.from(bytes);
  for (let count = below(3) === 0 ? 1 + below(20) : 1; count > 0; count -= 1) {
    const places = [below(copy.length), copy.length - 1 - below(1500), below(200), below(copy.length)];
    const at = places[below(4)] ?? 0;
    copy[at] = below(5) === 0 ? 255 : (copy[at] ?? 0) ^ (1 << below(8));
  }
  return copy;
};

const readChanged = async (seed: number, count: number): Promise<void> => {
  const below = chance(seed);
  const columns = {
    id: 'BIGINT',
    name: 'VARCHAR',
    amount: 'DECIMAL(18,4)',
    day: 'DATE',
    items: 'STRUCT(product VARCHAR, quantity INTEGER)[]',
  };
  await write(
    `SELECT range AS id, 'customer number ' || range * 7919 % 1000 AS name, (range / 7)::DECIMAL(18,4) AS amount, DATE '1950-01-01' + (range * 11)::INTEGER AS day,
     list_transform(range(range % 4), x -> {'product': 'product ' || x * range, 'quantity': x::INTEGER}) AS items FROM range(3000)`,
    'COMPRESSION uncompressed',
  );
  for (let each = 0; each < count; each += 1) {
    await report(`${each}`, await sealedPart(store, file, { columns, rows: 3000 }, (bytes) => changed(bytes, below)));
  }
};

/** A varint of Thrift's compact form, with seven bits per byte; zigzag doubles a non-negative number. */
const varint = (value: number): Buffer => {
  const bytes: number[] = [];
  let rest = value * 2;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
};

/** The same number of bytes with a larger number in them. */
const replaced = (bytes: Buffer, from: number, to: number): Buffer => {
  const [found, other] = [varint(from), varint(to)];
  if (found.length !== other.length || !bytes.includes(found))
    throw new Error('this is not the file that was expected');
  const copy = Buffer.from(bytes);
  for (let at = copy.indexOf(found); at >= 0; at = copy.indexOf(found, at + 1)) other.copy(copy, at);
  return copy;
};

const readBombs = async (): Promise<void> => {
  await write("SELECT repeat('x', 1000) || range % 10 AS text FROM range(1000000)");
  const texts = { columns: { text: 'VARCHAR' }, rows: 1_000_000 };
  await report('a gigabyte in little', await sealedPart(store, file, texts, (bytes) => bytes));

  await write('SELECT range % 2 AS id FROM range(10000019)');
  const ids = { columns: { id: 'BIGINT' }, rows: 134_000_000 };
  await report(
    'rows that the file does not have',
    await sealedPart(store, file, ids, (bytes) => replaced(bytes, 10_000_019, 134_000_000)),
  );

  await write('SELECT range AS id FROM range(1000)');
  const page = (bytes: Buffer): Buffer => {
    // Starts with "PAR1", then the page's header: its type, then its uncompressed size.
    const size = varint(8007);
    if (bytes.indexOf(size) !== 7) throw new Error('this is not the file that was expected');
    return Buffer.concat([bytes.subarray(0, 7), varint(2 ** 31 - 1), bytes.subarray(7 + size.length)]);
  };
  await report('a page of 2 GB', await sealedPart(store, file, { columns: { id: 'BIGINT' }, rows: 1000 }, page));
};

const [what, seed, count] = process.argv.slice(2);
if (what === 'changed') await readChanged(Number(seed), Number(count));
else await readBombs();
const [, peak] = /VmHWM:\s+(\d+) kB/.exec(await readFile('/proc/self/status', 'utf8')) ?? [];
console.log(JSON.stringify({ name: 'end', peakMb: Number(peak) / 1024 }));
await session.close();
