import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Column } from '../../../../columns/column-type.ts';
import { ValidationError } from '../../../../contract/errors.ts';
import { queryRows } from '../../../../data/read/query-rows.ts';
import type { Row } from '../../../../data/row.ts';
import { openEngine } from '../../../../duckdb/open-engine.ts';
import { quoteText } from '../../../../duckdb/quote.ts';
import type { Session } from '../../../../duckdb/session.ts';
import { fromStored } from '../field-text.ts';
import type { FileRecord } from '../file-record.ts';
import { type Loading, loadRecords } from '../load-records.ts';
import { objectChecker, type RowRule } from '../row-checker.ts';
import { exposeInt96 } from './expose-int96.ts';
import { type FoundColumn, parquetColumns, selectColumn } from './parquet-columns.ts';

/** Rows that are handed on in one batch. */
const batchSize = 4_000;

interface ParquetForm {
  readonly optional?: readonly string[];
  readonly check?: RowRule;
}

/**
 * Loads the declared columns of a Parquet file, after fetching it to a local file. A column that is missing, or whose type cannot be stored without loss, is a
 * ValidationError. A value that a dataset cannot hold makes its row a bad one.
 */
export async function loadParquet(
  loading: Loading,
  { optional = [], check }: ParquetForm,
  bytes: AsyncIterable<Uint8Array>,
): Promise<void> {
  const { step, file, columns } = loading;
  const engine = await openEngine();
  const session = await engine.session({ signal: step.signal });
  try {
    const path = join(session.folder, 'source.parquet');
    await pipeline(Readable.from(bytes), createWriteStream(path));
    const found = await columnsOf(session, loading, path);
    const selected = columns.map((column) => selectColumn(file, column, { found, optional }));
    const read: readonly Column[] = selected.map(({ name, type }) => ({ name, type }));
    const table = `read_parquet(${quoteText(path)}, hive_partitioning = false)`;
    const chunks = session.stream(`SELECT ${selected.map(({ sql }) => sql).join(', ')} FROM ${table}`);
    const counted = { rows: 0 };
    const batches = records(queryRows(chunks, read, { batchSize, signal: step.signal }), counted);
    await loadRecords(loading, batches, objectChecker(columns, check, fromStored));
    // DuckDB's driver ends a stream silently if an error comes late.
    const [all] = await session.all(`SELECT count(*) AS rows FROM ${table}`);
    if (Number(all?.rows) !== counted.rows)
      throw new ValidationError(`${file} can be read up to row ${counted.rows} of ${all?.rows}: it is damaged`);
  } finally {
    await session.close();
  }
}

/** Rows as records; `line` is the row's number. */
async function* records(
  batches: AsyncIterable<readonly Row[]>,
  counted: { rows: number },
): AsyncGenerator<FileRecord<Row>[]> {
  for await (const batch of batches) {
    const first = counted.rows + 1;
    counted.rows += batch.length;
    yield batch.map((values, index) => ({
      line: first + index,
      values,
      problem: null,
      get text() {
        return shown(values);
      },
    }));
  }
}

/** A row as JSON for people to read; numbers that JSON cannot write stand in quotes. */
const shown = (row: Row): string =>
  JSON.stringify(row, (_key, value) =>
    typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value)) ? String(value) : value,
  );

async function columnsOf(
  session: Session,
  { step, file }: Loading,
  path: string,
): Promise<ReadonlyMap<string, FoundColumn>> {
  try {
    const found = await parquetColumns(session, path);
    if ([...found.values()].some(({ hasInt96 }) => hasInt96)) await exposeInt96(path);
    return found;
  } catch (error) {
    step.signal.throwIfAborted();
    throw new ValidationError(`${file} cannot be read as Parquet: it is damaged or was not delivered as a whole`, [], {
      cause: error,
    });
  }
}
