import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Column, type ColumnType, renderColumnType } from '../../../columns/column-type.ts';
import { storedType } from '../../../columns/stored-type.ts';
import { Unstorable } from '../../../columns/unstorable.ts';
import { ValidationError } from '../../../contract/errors.ts';
import { queryRows } from '../../../data/read/query-rows.ts';
import { openEngine } from '../../../duckdb/open-engine.ts';
import { quoteName, quoteText } from '../../../duckdb/quote.ts';
import type { Session } from '../../../duckdb/session.ts';
import type { Step, StepWriter } from '../../../runtime/step.ts';

/** Rows handed on together. */
const batchSize = 4_000;

/** One Parquet file on its way into a dataset. */
export interface ParquetLoading {
  readonly step: Pick<Step, 'signal' | 'progress'>;
  readonly file: string;
  readonly columns: readonly Column[];
  readonly writer: StepWriter;
}

/** Loads the declared columns of a Parquet file, which is fetched to a local file first. A column that is missing, or of a type that could not be stored without loss, is a ValidationError. */
export async function loadParquet(
  { step, file, columns, writer }: ParquetLoading,
  bytes: AsyncIterable<Uint8Array>,
): Promise<void> {
  const engine = await openEngine();
  const session = await engine.session({ signal: step.signal });
  try {
    const path = join(session.folder, 'source.parquet');
    await pipeline(Readable.from(bytes), createWriteStream(path));
    const table = `read_parquet(${quoteText(path)})`;
    const found = await describe(session, file, table);
    const selected = columns.map((column) => expression(file, column, found));
    const rows = queryRows(session.stream(`SELECT ${selected.join(', ')} FROM ${table}`), columns, {
      batchSize,
      signal: step.signal,
    });
    let count = 0;
    for await (const batch of rows) {
      count += batch.length;
      await writer.append(batch);
      await step.progress(writer.rowCount);
    }
    // DuckDB's driver ends a stream in silence where an error comes late.
    const [all] = await session.all(`SELECT count(*) AS rows FROM ${table}`);
    if (Number(all?.rows) !== count)
      throw new ValidationError(`${file} can be read up to row ${count} of ${all?.rows}: it is damaged`);
  } finally {
    await session.close();
  }
}

const describe = async (session: Session, file: string, table: string): Promise<ReadonlyMap<string, string>> => {
  try {
    const rows = await session.all(`DESCRIBE SELECT * FROM ${table}`);
    return new Map(rows.map(({ column_name, column_type }) => [String(column_name), String(column_type)]));
  } catch (error) {
    throw new ValidationError(`${file} cannot be read as Parquet: it is damaged or was not delivered as a whole`, [], {
      cause: error,
    });
  }
};

const expression = (file: string, { name, type }: Column, found: ReadonlyMap<string, string>): string => {
  const described = found.get(name);
  if (described === undefined)
    throw new ValidationError(`${file} has no column "${name}"; it has ${[...found.keys()].slice(0, 50).join(', ')}`);
  const wanted = renderColumnType(type);
  try {
    if (holds(type, storedType(described))) {
      const moment = described === 'TIMESTAMP WITH TIME ZONE' ? ` AT TIME ZONE 'UTC'` : '';
      return `CAST(${quoteName(name)}${moment} AS ${wanted}) AS ${quoteName(name)}`;
    }
  } catch (error) {
    if (!(error instanceof Unstorable)) throw error;
  }
  throw new ValidationError(
    `${file}: column "${name}" is ${described}, and the dataset declares ${wanted}, which does not hold every value of it`,
  );
};

/** Whether every value of `from` is one of `to`. */
const holds = (to: ColumnType, from: ColumnType): boolean => {
  if (to.kind === 'BIGINT' || to.kind === 'DOUBLE') return from.kind === to.kind || from.kind === 'INTEGER';
  if (to.kind === 'DECIMAL')
    return from.kind === 'DECIMAL' && from.scale <= to.scale && from.precision - from.scale <= to.precision - to.scale;
  if (to.kind === 'LIST') return from.kind === 'LIST' && holds(to.element, from.element);
  if (to.kind === 'STRUCT') {
    if (from.kind !== 'STRUCT' || from.fields.length !== to.fields.length) return false;
    return to.fields.every(({ name, type }, index) => {
      const field = from.fields[index];
      return field?.name === name && holds(type, field.type);
    });
  }
  return to.kind === from.kind;
};
