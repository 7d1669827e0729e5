import type { Column } from '../../../columns/column-type.ts';
import { parseColumns } from '../../../columns/columns.ts';
import { PermanentError, ValidationError } from '../../../contract/errors.ts';
import type { Columns, Step, StepWriter } from '../../../runtime/step.ts';

import { csvRecords, type Fields } from './csv-records.ts';
import type { FileRecord } from './file-record.ts';
import { loadParquet } from './load-parquet.ts';
import { matchingKeys } from './matching-keys.ts';
import { ndjsonRecords } from './ndjson-records.ts';
import { type Quarantine, RejectedLines } from './rejected-lines.ts';
import { type Checked, fieldsChecker, objectChecker, type RowRule } from './row-checker.ts';
import { textBlocks } from './text-blocks.ts';
import { type UnpackedFile, unpacked } from './unpacked.ts';

/** What loading files needs of a step. */
export type LoadingStep = Pick<Step, 'signal' | 'writer' | 'progress' | 'object' | 'objects'>;

/** Files of the store as one dataset. */
export interface FilesSource {
  readonly dataset: string;
  readonly columns: Columns;
  /** Below sources/: a name, a folder with its `/`, or a pattern (`orders/2026-*.csv.gz`). Several are read in the order of their names. */
  readonly files: string;
  /** By their content unless told: Parquet begins with PAR1, lines that begin with `{` are NDJSON, else it is CSV. */
  readonly format?: 'csv' | 'ndjson' | 'parquet';
  /** Of CSV; `,` unless told. */
  readonly delimiter?: string;
  /** Whether CSV begins with the names of its columns, in any order; true unless told. Names that are not declared do no harm. */
  readonly header?: boolean;
  /** Texts that mean null in CSV, besides an empty field without quotes. */
  readonly nulls?: readonly string[];
  /** What a line of CSV or NDJSON must be beyond the types of its columns; a text says why it is a bad line. */
  readonly check?: RowRule;
  /** Keeps bad lines apart instead of failing at the first. */
  readonly quarantine?: Quarantine;
}

/** What was loaded. */
export interface LoadedFiles {
  readonly rows: number;
  readonly rejected: number;
  readonly files: readonly string[];
}

/** Lines of the writer's CSV that are handed on together. */
const batchCharacters = 512 * 1024;

/**
 * Loads CSV, NDJSON or Parquet, plain or packed by gzip or zstd, into a dataset; never a whole file in memory. Every line is either a row or a bad line: those are counted and kept in a dataset of
 * their own with file, line, reason and text, up to the limits of `quarantine`.
 */
export async function loadFiles(step: LoadingStep, source: FilesSource): Promise<LoadedFiles> {
  const columns = parseColumns(source.dataset, source.columns);
  if (source.delimiter !== undefined && !/^[^"\r\n]$/.test(source.delimiter))
    throw new PermanentError(`a delimiter is one character, not ${JSON.stringify(source.delimiter)}`);
  const files = await matchingKeys(step, source.files);
  const writer = step.writer(source.dataset, { columns: source.columns });
  const rejected = new RejectedLines(step, source.dataset, source.quarantine);
  for (const file of files) {
    const bytes = await step.object(file);
    if (bytes === null)
      throw new PermanentError(`the store has no ${file}: it was not delivered, or the name is wrong`);
    const content = await unpacked(file, bytes);
    const format = source.format ?? formatOf(content);
    if (format === 'parquet') await loadParquet({ step, file, columns, writer }, content.bytes);
    else await loadLines({ step, file, columns, writer, rejected }, source, { format, content });
  }
  rejected.checkRatio(writer.rowCount);
  return { rows: writer.rowCount, rejected: rejected.count, files };
}

const formatOf = ({ beginning }: UnpackedFile): 'csv' | 'ndjson' | 'parquet' => {
  const text = beginning.toString('latin1').replace(/^\xef\xbb\xbf/, '');
  if (text.startsWith('PAR1')) return 'parquet';
  return text.startsWith('{') ? 'ndjson' : 'csv';
};

interface Loading {
  readonly step: LoadingStep;
  readonly file: string;
  readonly columns: readonly Column[];
  readonly writer: StepWriter;
  readonly rejected: RejectedLines;
}

const loadLines = async (
  loading: Loading,
  source: FilesSource,
  { format, content }: { readonly format: 'csv' | 'ndjson'; readonly content: UnpackedFile },
): Promise<void> => {
  const { file, columns } = loading;
  if (/^(?:fffe|feff)/.test(content.beginning.toString('hex')))
    throw new ValidationError(`${file} is UTF-16; only UTF-8 is read`);
  const blocks = textBlocks(content.bytes);
  if (format === 'ndjson') return loadRecords(loading, ndjsonRecords(blocks), objectChecker(columns, source.check));
  const { delimiter = ',', header = true, nulls = [], check: rule } = source;
  const batches = csvRecords(blocks, delimiter);
  const fixed = header ? null : fieldsChecker(columns, { file, header: null, nulls, rule });
  let check = fixed;
  const withoutHeader = async function* (): AsyncGenerator<FileRecord<Fields>[]> {
    for await (const batch of batches) {
      if (check !== null) {
        yield batch;
        continue;
      }
      const [first, ...rest] = batch;
      if (!first?.values) throw new ValidationError(`${file}:1: the header cannot be read: ${first?.problem}`);
      check = fieldsChecker(columns, { file, header: first.values, nulls, rule });
      yield rest;
    }
    if (check === null) throw new ValidationError(`${file} is empty: not even a header`);
  };
  return loadRecords(loading, withoutHeader(), (fields) => check?.(fields) ?? { reason: 'there is no header' });
};

const loadRecords = async <Value>(
  { step, file, writer, rejected }: Loading,
  batches: AsyncIterable<readonly FileRecord<Value>[]>,
  check: (values: Value) => Checked,
): Promise<void> => {
  let lines = '';
  let rows = 0;
  const flush = async (): Promise<void> => {
    if (rows === 0) return;
    const bytes = Buffer.from(lines, 'utf8');
    const count = rows;
    lines = '';
    rows = 0;
    await writer.appendCsv(bytes, count, { isExact: true });
    await step.progress(writer.rowCount);
  };
  for await (const batch of batches) {
    step.signal.throwIfAborted();
    const bad = [];
    for (const { line, text, values, problem } of batch) {
      const checked = values === null ? { reason: problem ?? 'it cannot be read' } : check(values);
      if ('reason' in checked) {
        bad.push({ file, line, reason: checked.reason, text });
        continue;
      }
      lines += checked.line;
      rows += 1;
      if (lines.length >= batchCharacters) await flush();
    }
    if (bad.length > 0) await rejected.add(bad);
  }
  await flush();
};
