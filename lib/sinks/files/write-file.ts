import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, Readable, type Transform } from 'node:stream';
import { createGzip, createZstdCompress } from 'node:zlib';
import { renderColumnType } from '../../data/column-type.ts';
import { parseColumns } from '../../data/columns.ts';
import { rowEncoder } from '../../data/row-encoder.ts';
import { openEngine } from '../../duckdb/open-engine.ts';
import { quoteName, quoteText } from '../../duckdb/quote.ts';
import type { Columns, Rows, Step } from '../../runtime/step.ts';
import { rowBatches } from '../row-batches.ts';
import { csvText } from './csv-text.ts';

/** What a file looks like. */
export interface FileTarget {
  readonly format: 'csv' | 'ndjson' | 'parquet';
  /** Rows are checked against these, as those of a dataset. */
  readonly columns: Columns;
  /** Of CSV and NDJSON; Parquet is packed inside. */
  readonly compression?: 'gzip' | 'zstd';
}

/** What writing needs of a step. */
export type WritingStep = Pick<Step, 'signal' | 'file' | 'progress'>;

const batchSize = 2_000;

const contentTypes = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
};

/** Writes rows into a file beside the step's datasets, never as a whole in memory, and says how many there were. It becomes visible with them. */
export const writeFile = async (step: WritingStep, name: string, rows: Rows, target: FileTarget): Promise<number> => {
  const contentType = target.compression ? `application/${target.compression}` : contentTypes[target.format];
  const encode = rowEncoder(name, parseColumns(name, target.columns));
  let count = 0;
  const lines = async function* (): AsyncGenerator<string> {
    for await (const batch of rowBatches(rows, batchSize)) {
      step.signal.throwIfAborted();
      let text = '';
      for (const row of batch) {
        count += 1;
        text += encode(row, count);
      }
      yield text;
      await step.progress(count);
    }
  };
  if (target.format === 'parquet') await writeParquet(step, { name, contentType, columns: target.columns }, lines());
  else {
    const text = target.format === 'csv' ? csvText(Object.keys(target.columns), lines()) : lines();
    await step.file(name, packed(utf8(text), target.compression), { contentType });
  }
  return count;
};

async function* utf8(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const text of texts) if (text !== '') yield Buffer.from(text, 'utf8');
}

const packed = (
  bytes: AsyncIterable<Uint8Array>,
  compression: FileTarget['compression'],
): AsyncIterable<Uint8Array> => {
  if (compression === undefined) return bytes;
  const transform: Transform = compression === 'gzip' ? createGzip() : createZstdCompress();
  // Errors of the rows come out of the transform.
  pipeline(Readable.from(bytes, { highWaterMark: 2 }), transform, () => {});
  return transform;
};

const writeParquet = async (
  step: WritingStep,
  { name, contentType, columns }: { readonly name: string; readonly contentType: string; readonly columns: Columns },
  lines: AsyncIterable<string>,
): Promise<void> => {
  const engine = await openEngine();
  const session = await engine.session({ signal: step.signal });
  try {
    const [spool, path] = [join(session.folder, 'rows.ndjson'), join(session.folder, 'file.parquet')];
    const file = await open(spool, 'w');
    try {
      for await (const text of lines) await file.write(text);
    } finally {
      await file.close();
    }
    const types = parseColumns(name, columns).map(
      (column) => `${quoteName(column.name)}: ${quoteText(renderColumnType(column.type))}`,
    );
    await session.run(
      `COPY (SELECT * FROM read_json(${quoteText(spool)}, format = 'newline_delimited', columns = {${types.join(', ')}}, maximum_object_size = 268435456)) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    await step.file(name, createReadStream(path, { highWaterMark: 1024 * 1024 }), { contentType });
  } finally {
    await session.close();
  }
};
