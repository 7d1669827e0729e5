import type { DuckDBDataChunk } from '@duckdb/node-api';
import { PermanentError } from '../contract/errors.ts';
import type { DatasetPart } from '../contract/records.ts';
import { quoteName, quoteText } from '../duckdb/quote.ts';
import type { Session } from '../duckdb/session.ts';
import type { Column } from './column-type.ts';
import { parseColumns } from './columns.ts';
import { damaged } from './fetch-part.ts';
import type { FetchedDatasets, ReadableDataset } from './fetched-datasets.ts';
import { oneAhead } from './one-ahead.ts';
import { type ChunkDecoder, chunkDecoder } from './vectors/chunk-decoder.ts';

/** Where datasets are read: the engine's session, and the local files that it may read. */
export interface Reading {
  readonly session: Session;
  readonly fetched: FetchedDatasets;
  /** Ends the reading with its reason. The session's, too. */
  readonly signal?: AbortSignal;
}

/** What is made of a chunk, by a decoder for the dataset's columns. */
type Decode<T> = (decoder: ChunkDecoder, chunk: DuckDBDataChunk) => T;

/**
 * A dataset in the order of its rows, chunk by chunk, part by part: none before every byte of its part was found to be what was written. While a part is read the next one is
 * fetched and checked; while a chunk is used DuckDB makes the next one, and little more.
 */
export async function* readChunks<T>(
  { session, fetched, signal }: Reading,
  entry: ReadableDataset,
  decode: Decode<T>,
): AsyncGenerator<T, void, void> {
  const columns = parseColumns(entry.parts[0]?.key ?? 'without parts', entry.columns);
  const decoder = chunkDecoder(columns);
  const borrowed = new Set<DatasetPart>();
  const borrow = async (part: DatasetPart | undefined): Promise<string> => {
    if (part === undefined) return '';
    borrowed.add(part);
    const { file, checked } = await fetched.borrow(entry, part);
    await checked;
    return file;
  };
  try {
    let next = borrow(entry.parts[0]);
    for (const [index, part] of entry.parts.entries()) {
      const file = await next;
      next = borrow(entry.parts[index + 1]);
      // Its error comes when it is its turn.
      next.catch(() => {});
      signal?.throwIfAborted();
      let rows = 0;
      try {
        for await (const chunk of oneAhead(session.stream(selectSql(file, columns)))) {
          rows += chunk.rowCount;
          const decoded = decode(decoder, chunk);
          signal?.throwIfAborted();
          yield decoded;
        }
      } catch (error) {
        signal?.throwIfAborted();
        throw unreadable(part, error);
      }
      if (rows !== part.rows) throw damaged(part.key, `it has ${rows} rows, not ${part.rows}`);
      borrowed.delete(part);
      await fetched.giveBack(part);
    }
  } finally {
    await Promise.all([...borrowed].map((part) => fetched.giveBack(part)));
  }
}

const selectSql = (file: string, columns: readonly Column[]): string =>
  `SELECT ${columns.map(({ name }) => quoteName(name)).join(', ')} FROM read_parquet(${quoteText(file)}, hive_partitioning = false)`;

/** Too little memory, or a text that no string can hold, have nothing to do with the part's bytes. */
const unreadable = ({ key }: DatasetPart, error: unknown): unknown => {
  if (error instanceof PermanentError) return error;
  return damaged(key, `it cannot be read: ${error instanceof Error ? error.message : String(error)}`, error);
};
