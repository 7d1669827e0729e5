import { createReadStream } from 'node:fs';
import { pipeline, Readable, type Transform } from 'node:stream';
import { createGzip, createZstdCompress } from 'node:zlib';
import type { Column } from '../../../columns/column-type.ts';
import { parseColumns } from '../../../columns/columns.ts';
import { rowEncoder } from '../../../data/encode/row-encoder.ts';
import { parquetOptions } from '../../../data/write/parquet-options.ts';
import { Spool } from '../../../data/write/spool.ts';
import { spoolSql } from '../../../data/write/spool-sql.ts';
import { openEngine } from '../../../duckdb/open-engine.ts';
import { quoteText } from '../../../duckdb/quote.ts';
import type { Columns, Rows, Step } from '../../../runtime/step.ts';
import { rowBatches } from '../../row-batches.ts';
import { csvLine } from '../csv-line.ts';
import { csvRow, jsonRow } from './row-texts.ts';

/** The format of a file. */
export interface FileTarget {
  readonly format: 'csv' | 'ndjson' | 'parquet';
  /** Rows are checked against these types, as the rows of a dataset are. */
  readonly columns: Columns;
  /** Packs CSV and NDJSON; Parquet is packed inside. */
  readonly compression?: 'gzip' | 'zstd';
}

/** The part of a step that writing uses. */
export type WritingStep = Pick<Step, 'signal' | 'file' | 'progress'>;

const batchSize = 2_000;

const contentTypes = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
};

/**
 * Writes rows into a file beside the step's datasets and returns their number. It never holds all rows in memory. The file becomes visible together with the
 * datasets.
 */
export async function writeFile(step: WritingStep, name: string, rows: Rows, target: FileTarget): Promise<number> {
  const contentType = target.compression ? `application/${target.compression}` : contentTypes[target.format];
  const columns = parseColumns(name, target.columns);
  const check = rowEncoder(name, columns);
  const shown = target.format === 'csv' ? csvRow(columns) : jsonRow(columns);
  let count = 0;
  const lines = async function* (): AsyncGenerator<Uint8Array> {
    if (target.format === 'csv') yield Buffer.from(csvLine(columns.map((column) => column.name)), 'utf8');
    for await (const batch of rowBatches(rows, batchSize)) {
      step.signal.throwIfAborted();
      let text = '';
      for (const row of batch) {
        count += 1;
        check(row, count);
        text += shown(row);
      }
      yield Buffer.from(text, 'utf8');
      await step.progress(count);
    }
  };
  const checked = async function* (): AsyncGenerator<string> {
    for await (const batch of rowBatches(rows, batchSize)) {
      step.signal.throwIfAborted();
      for (const row of batch) {
        count += 1;
        yield check(row, count);
      }
      await step.progress(count);
    }
  };
  if (target.format === 'parquet') await writeParquet(step, { name, contentType, columns }, checked());
  else await step.file(name, packed(lines(), target.compression), { contentType });
  return count;
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
  {
    name,
    contentType,
    columns,
  }: { readonly name: string; readonly contentType: string; readonly columns: readonly Column[] },
  lines: AsyncIterable<string>,
): Promise<void> => {
  const engine = await openEngine();
  const session = await engine.session({ signal: step.signal });
  try {
    const spool = new Spool(session.folder, name, 'json');
    // Creates the file even if there are no rows.
    await spool.write(Buffer.alloc(0));
    for await (const text of lines) if (spool.add(text)) await spool.flush();
    await spool.flush();
    const path = `${spool.file}.parquet`;
    const options = parquetOptions(spool.bytes / Math.max(1, spool.rows));
    await session.run(`COPY (${spoolSql(spool, columns)}) TO ${quoteText(path)} (${options})`);
    await step.file(name, createReadStream(path, { highWaterMark: 1024 * 1024 }), { contentType });
  } finally {
    await session.close();
  }
};
