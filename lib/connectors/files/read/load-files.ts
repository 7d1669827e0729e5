import { parseColumns } from '../../../columns/columns.ts';
import { PermanentError } from '../../../contract/errors.ts';
import type { Columns, Step } from '../../../runtime/step.ts';
import { loadLines } from './load-lines.ts';
import { matchingKeys, missingFile } from './matching-keys.ts';
import { type UnpackedFile, unpacked } from './packed/unpacked.ts';
import { loadParquet } from './parquet/load-parquet.ts';
import { recoded } from './recoded.ts';
import { type Quarantine, RejectedLines } from './rejected-lines.ts';
import type { RowRule } from './row-checker.ts';

/** The part of a step that loading files uses. */
export type LoadingStep = Pick<Step, 'signal' | 'writer' | 'progress' | 'object' | 'objects'>;

/** Files of the store to load as one dataset. */
export interface FilesSource {
  readonly dataset: string;
  readonly columns: Columns;
  /** Below sources/: a name, a folder with its `/`, or a pattern (`orders/2026-*.csv.gz`). Several files are read in the order of their names. */
  readonly files: string;
  /** By default the content decides: Parquet begins with PAR1, lines that begin with `{` are NDJSON, everything else is CSV. */
  readonly format?: 'csv' | 'ndjson' | 'parquet';
  /** The charset of CSV or NDJSON: any name of the WHATWG's Encoding Standard, such as `windows-1252` or `utf-16le`. UTF-8 by default. */
  readonly charset?: string;
  /** Delimiter of CSV; `,` by default. */
  readonly delimiter?: string;
  /** True if CSV begins with the names of its columns, in any order; true by default. The file may have columns that are not declared. */
  readonly header?: boolean;
  /** Texts that mean null in CSV, like an empty field without quotes. */
  readonly nulls?: readonly string[];
  /** Declared columns that a file may lack; they are null then. A file that lacks any other declared column fails the step. */
  readonly optional?: readonly string[];
  /** A rule for rows beyond the types of their columns; the text that it returns says why the row is bad. */
  readonly check?: RowRule;
  /** Keeps bad rows in a separate dataset. Without it the first bad row fails the step. */
  readonly quarantine?: Quarantine;
}

/** The counts of a load. */
export interface LoadedFiles {
  readonly rows: number;
  readonly rejected: number;
  readonly files: readonly string[];
}

/**
 * Loads CSV, NDJSON or Parquet, plain or packed by gzip or zstd, into a dataset. It never holds a whole file in memory. Every line of text and every row of
 * Parquet becomes a row or a bad line. Bad lines are counted and kept in a separate dataset with file, line, reason and text, up to the limits of `quarantine`.
 */
export async function loadFiles(step: LoadingStep, source: FilesSource): Promise<LoadedFiles> {
  const columns = parseColumns(source.dataset, source.columns);
  checkSource(source);
  const files = await matchingKeys(step, source.files);
  const writer = step.writer(source.dataset, { columns: source.columns });
  const rejected = new RejectedLines(step, source.dataset, source.quarantine);
  for (const file of files) {
    const bytes = await step.object(file);
    if (bytes === null) throw await missingFile(step, file);
    const plain = await unpacked(file, bytes);
    const content = source.charset === undefined ? plain : await recoded(file, plain, source.charset);
    const format = source.format ?? formatOf(content);
    const loading = { step, file, columns, writer, rejected };
    if (format === 'parquet') await loadParquet(loading, source, content.bytes);
    else await loadLines(loading, { ...source, format }, content);
  }
  rejected.checkRatio(writer.rowCount);
  return { rows: writer.rowCount, rejected: rejected.count, files };
}

function checkSource({ delimiter, optional = [], columns }: FilesSource): void {
  if (delimiter !== undefined && !/^[^"\r\n]$/.test(delimiter))
    throw new PermanentError(`a delimiter is one character, not ${JSON.stringify(delimiter)}`);
  const unknown = optional.find((name) => !Object.hasOwn(columns, name));
  if (unknown !== undefined)
    throw new PermanentError(`"optional" names ${JSON.stringify(unknown)}, which is no column`);
}

const formatOf = ({ beginning }: UnpackedFile): 'csv' | 'ndjson' | 'parquet' => {
  const text = beginning.toString('latin1').replace(/^\xef\xbb\xbf/, '');
  if (text.startsWith('PAR1')) return 'parquet';
  return /^\s*\{/.test(text) ? 'ndjson' : 'csv';
};
