import { PermanentError } from '../../../contract/errors.ts';
import type { Json } from '../../../contract/json.ts';
import type { StepWriter } from '../../../runtime/step.ts';
import type { PostgresOptions } from '../connection-settings.ts';
import type { Sql } from '../sql.ts';
import { copyChunks, type Extract, type ExtractingStep, prepareExtract } from './extract.ts';
import { extractRanges } from './extract-ranges.ts';
import { readRows } from './read-rows.ts';
import { Snapshot } from './snapshot.ts';

/** One state of a database: all reads through it are consistent with each other. */
export interface PostgresSnapshot {
  /** Reads a query into a dataset and returns the number of rows in the dataset. */
  extract(extract: Extract): Promise<number>;
  /**
   * Reads the rows of a small query into memory, every value exact. Integers of up to four bytes, floats and booleans are themselves; bigint and numeric are
   * text. timestamptz is ISO 8601 in UTC, timestamp is ISO 8601 without a zone, both to the microsecond. bytea is a Buffer. json and jsonb are parsed, with
   * bigints and ExactNumbers where a number would round. Arrays are lists; all else is PostgreSQL's text. Each value except parsed JSON can be bound to another
   * query unchanged.
   */
  rows<Row extends object = Record<string, unknown>>(query: Sql): Promise<Row[]>;
}

/** The progress of an extraction, inside the step's checkpoint. */
interface Progress {
  /** The database that was read, and the columns of the key. */
  readonly from: string;
  readonly key: readonly string[];
  readonly after: readonly string[] | null;
  /** Number of rows in a complete dataset. */
  readonly rows?: number;
}

/**
 * Reads from PostgreSQL in one read-only transaction that sees one state of the database, in UTC. The transaction ends with `read`. If the step's signal fires
 * earlier, the query is cancelled on the server. Transient server errors become RetryableErrors, others PermanentErrors; none holds the URL.
 */
export async function readPostgres<T>(
  step: ExtractingStep,
  options: PostgresOptions,
  read: (database: PostgresSnapshot) => Promise<T>,
): Promise<T> {
  const snapshot = await Snapshot.open(options, step.signal);
  const done: Record<string, Progress> = { ...(step.checkpoint?.postgres as Record<string, Progress> | undefined) };
  const database: PostgresSnapshot = {
    rows: <Row extends object>(query: Sql) => readRows<Row>(snapshot, query),
    async extract(extract) {
      const { dataset, columns, key = [] } = extract;
      const source = { from: await snapshot.identity(), key: [key].flat() };
      const { after = null, rows } = checkSource(dataset, done[dataset], source) ?? {};
      if (rows !== undefined) return rows;
      const writer = step.writer(dataset, { columns });
      const pass = async (cursor: readonly string[]): Promise<void> => {
        done[dataset] = { ...source, after: cursor };
        await step.yieldIfDue({ ...step.checkpoint, postgres: done } as unknown as Json);
      };
      if (extract.ranges) await extractRanges({ step, snapshot, writer }, extract, extract.ranges);
      else await extractAll({ step, snapshot, writer, pass }, extract, after);
      done[dataset] = { ...source, after: null, rows: writer.rowCount };
      await step.progress(writer.rowCount, extract.total ?? null);
      return writer.rowCount;
    },
  };
  try {
    const result = await read(database);
    step.signal.throwIfAborted();
    await snapshot.close(false);
    return result;
  } catch (error) {
    await snapshot.close(true);
    throw error;
  }
}

/** A cursor is valid only for one database and one key: otherwise rows of two sources would become one dataset. */
const checkSource = (
  dataset: string,
  before: Progress | undefined,
  { from, key }: Pick<Progress, 'from' | 'key'>,
): Progress | undefined => {
  if (before === undefined || (before.from === from && String(before.key) === String(key))) return before;
  throw new PermanentError(
    `dataset "${dataset}" was begun from ${before.from} with the key (${before.key.join(', ')}), and continues from ${from} with the key (${key.join(', ')}): run the step from its beginning (resume --from)`,
  );
};

interface Extraction {
  readonly step: ExtractingStep;
  readonly snapshot: Snapshot;
  readonly writer: StepWriter;
  pass(cursor: readonly string[]): Promise<void>;
}

const extractAll = async (
  { step, snapshot, writer, pass }: Extraction,
  extract: Extract,
  after: readonly string[] | null,
): Promise<void> => {
  const prepared = await prepareExtract(snapshot, extract, after);
  const chunks = snapshot.read(`reading ${extract.dataset}`, copyChunks(snapshot.client, prepared));
  for await (const { bytes, rows, after: cursor } of chunks) {
    step.signal.throwIfAborted();
    await writer.appendCsv(bytes, rows, { isExact: true });
    await step.progress(writer.rowCount, extract.total ?? null);
    if (cursor !== null) await pass(cursor);
  }
};

/** Reads one query into one dataset and returns the number of rows in the dataset: `readPostgres` for a single `extract`. */
export function extractPostgres(step: ExtractingStep, options: PostgresOptions & Extract): Promise<number> {
  return readPostgres(step, options, (database) => database.extract(options));
}
