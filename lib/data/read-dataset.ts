import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { PlatformError } from '../contract/errors.ts';
import type { DatasetEntry, DatasetPart } from '../contract/records.ts';
import type { ObjectStore } from '../ports/ports.ts';
import { WatchedBody } from '../ports/watched-body.ts';
import { parseColumns } from './columns.ts';
import { type Row, rowDecoder } from './row-decoder.ts';
import { splitLines } from './split-lines.ts';

export interface ReadOptions {
  /** Rows per batch, except the last; 1,000 unless told. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
}

const defaultBatchSize = 1000;

/**
 * The rows of a dataset in batches, streamed. The SHA-256 of every part is checked against its entry: the iteration throws a PlatformError that names the key
 * when a part is not what was written, at the latest at that part's end. So whoever acts on all rows does it after the iteration has ended without an error.
 */
export async function* readDataset(
  store: ObjectStore,
  entry: DatasetEntry,
  options: ReadOptions = {},
): AsyncIterable<Row[]> {
  const { batchSize = defaultBatchSize, signal } = options;
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new RangeError(`batchSize is a whole number from 1, not ${batchSize}`);
  const decode = rowDecoder(parseColumns(entry.parts[0]?.key ?? 'without parts', entry.columns));
  let batch: Row[] = [];
  for (const part of entry.parts) {
    for await (const lines of readPart(store, part, signal)) {
      for (const line of lines) {
        batch.push(decodeLine(decode, line, part.key));
        if (batch.length < batchSize) continue;
        signal?.throwIfAborted();
        yield batch;
        batch = [];
      }
    }
  }
  signal?.throwIfAborted();
  if (batch.length > 0) yield batch;
}

const damaged = (key: string, what: string, cause?: unknown): PlatformError =>
  new PlatformError(`${key} is damaged: ${what}`, { cause });

const decodeLine = (decode: (line: string) => Row, line: string, key: string): Row => {
  try {
    return decode(line);
  } catch (error) {
    throw damaged(key, 'a line is not a row', error);
  }
};

async function* readPart(
  store: ObjectStore,
  part: DatasetPart,
  signal: AbortSignal | undefined,
): AsyncIterable<string[]> {
  signal?.throwIfAborted();
  const body = await store.read(part.key);
  if (body === null) throw new PlatformError(`${part.key} is missing, though its dataset is committed`);
  const sha256 = createHash('sha256');
  const watched = new WatchedBody(body);
  const plain = createGunzip();
  const stop = (): void => void plain.destroy(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  // Errors of either end come out of `plain`, so the callback has nothing to add.
  pipeline(Readable.from(hashed(watched, sha256), { highWaterMark: 2 }), plain, () => {});
  let rows = 0;
  try {
    for await (const lines of splitLines(plain)) {
      rows += lines.length;
      yield lines;
    }
  } catch (error) {
    signal?.throwIfAborted();
    watched.rethrow();
    throw damaged(part.key, 'it cannot be unpacked', error);
  } finally {
    signal?.removeEventListener('abort', stop);
    plain.destroy();
  }
  if (sha256.digest('hex') !== part.sha256) throw damaged(part.key, 'its SHA-256 is not the one of what was written');
  if (rows !== part.rows) throw damaged(part.key, `it has ${rows} rows, not ${part.rows}`);
}

async function* hashed(
  body: AsyncIterable<Uint8Array>,
  sha256: ReturnType<typeof createHash>,
): AsyncIterable<Uint8Array> {
  for await (const chunk of body) {
    sha256.update(chunk);
    yield chunk;
  }
}
