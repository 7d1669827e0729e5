import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { Column } from '../../columns/column-type.ts';
import { parseColumns } from '../../columns/columns.ts';
import { PermanentError } from '../../contract/errors.ts';
import type { DatasetPart } from '../../contract/records/dataset.ts';
import { quoteName, quoteText } from '../../duckdb/quote.ts';
import type { Session } from '../../duckdb/session.ts';
import { damaged } from './fetch-part.ts';
import type { FetchedDatasets, ReadableDataset } from './fetched-datasets.ts';
import { freed } from './freed.ts';
import { isLarge } from './is-large.ts';
import { oneAhead } from './one-ahead.ts';
import { type ChunkDecoder, chunkDecoder } from './vectors/chunk-decoder.ts';

/** A session of the engine that reads datasets, with the local files that it may read. */
export interface ReadSession {
  readonly session: Session;
  readonly fetched: FetchedDatasets;
  /** Ends the reading with its reason, as the session's signal also does. */
  readonly signal?: AbortSignal;
}

/** Decodes a chunk with a decoder for the dataset's columns. */
type Decode<T> = (decoder: ChunkDecoder, chunk: DuckDBDataChunk) => Iterable<T>;

/**
 * Reads a dataset in the order of its rows, part by part. It yields nothing of a part before a check finds that every byte equals the written part. While a
 * part is in use it fetches and checks the next one. While a chunk is in use DuckDB makes the next one, and little more.
 */
export async function* readChunks<T>(
  source: ReadSession,
  dataset: ReadableDataset,
  decode: Decode<T>,
): AsyncGenerator<T, void, void> {
  const { fetched } = source;
  const columns = parseColumns(dataset.parts[0]?.key ?? 'without parts', dataset.columns);
  const decoder = chunkDecoder(columns);
  const borrowed = new Set<DatasetPart>();
  const borrow = async (part: DatasetPart): Promise<string> => {
    borrowed.add(part);
    const { file, checked } = await fetched.borrow(dataset, part);
    await checked;
    return file;
  };
  const giveBack = async (part: DatasetPart): Promise<void> => {
    borrowed.delete(part);
    await fetched.giveBack(part);
  };
  const files = oneAhead(mapped(dataset.parts, async (part) => ({ part, file: await borrow(part) })));
  try {
    for await (const { part, file } of files) {
      yield* readPart(source, part, selectSql(file, columns), (chunk) => decode(decoder, chunk));
      await giveBack(part);
    }
  } finally {
    // A reader that stops early does not wait for a pending part.
    for (const part of borrowed) giveBack(part).catch(() => {});
  }
}

async function* mapped<T, R>(items: Iterable<T>, map: (item: T) => Promise<R>): AsyncGenerator<R, void, void> {
  for (const item of items) yield await map(item);
}

const selectSql = (file: string, columns: readonly Column[]): string =>
  `SELECT ${columns.map(({ name }) => quoteName(name)).join(', ')} FROM read_parquet(${quoteText(file)}, hive_partitioning = false)`;

async function* readPart<T>(
  { session, signal }: ReadSession,
  part: DatasetPart,
  sql: string,
  decode: (chunk: DuckDBDataChunk) => Iterable<T>,
): AsyncGenerator<T, void, void> {
  const source = { name: `rows of ${part.key}`, text: sql };
  let rows = 0;
  try {
    for await (const chunk of freed(oneAhead(session.stream(sql, { values: {}, source }), isLarge))) {
      rows += chunk.rowCount;
      for (const decoded of decode(chunk)) {
        signal?.throwIfAborted();
        yield decoded;
      }
    }
    signal?.throwIfAborted();
    // The driver ends a stream silently when its query fails after the first rows. Running it again gets the error.
    if (rows < part.rows) await session.run(`EXPLAIN ANALYZE ${sql}`, { values: {}, source });
  } catch (error) {
    signal?.throwIfAborted();
    // Too little memory, or a text that no string can hold, are not faults of the part's bytes.
    if (error instanceof PermanentError) throw error;
    throw damaged(part.key, `it cannot be read: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  if (rows !== part.rows) throw damaged(part.key, `it has ${rows} rows, not ${part.rows}`);
}
