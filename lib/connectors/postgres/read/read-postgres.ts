import { PermanentError } from '../../../contract/errors.ts';
import type { Json } from '../../../contract/json.ts';
import type { StepWriter } from '../../../runtime/step.ts';
import type { PostgresOptions } from '../connection-settings.ts';
import type { Sql } from '../sql.ts';
import { copyChunks, type Extract, type ExtractingStep, prepareExtract } from './extract.ts';
import { extractRanges } from './extract-ranges.ts';
import { readRows } from './read-rows.ts';
import { Snapshot } from './snapshot.ts';

/** One state of a database: everything that is read through it fits together. */
export interface PostgresSnapshot {
  /** Reads a query into a dataset and says how many rows the dataset has. */
  extract(extract: Extract): Promise<number>;
  /**
   * The rows of a small query, all in memory and every value exact: integers of up to four bytes, floats and booleans as such; bigint and numeric as text; timestamptz as ISO 8601 in UTC, timestamp
   * as ISO 8601 without a zone, both to the microsecond; bytea as a Buffer; json and jsonb parsed, with bigints and ExactNumbers where a number would round; arrays as lists; all else as PostgreSQL's
   * text. Each but parsed JSON can be bound to another query as it is.
   */
  rows<Row extends object = Record<string, unknown>>(query: Sql): Promise<Row[]>;
}

/** How far an extraction is, inside of the step's checkpoint. */
interface Progress {
  /** The database that was read, and the columns of the key. */
  readonly from: string;
  readonly key: readonly string[];
  readonly after: readonly string[] | null;
  /** Rows of a dataset that is complete. */
  readonly rows?: number;
}

/**
 * Reads from PostgreSQL in one read-only transaction that sees one state of the database, in UTC. It ends with `read`; when the step's signal fires before, what the server is doing is
 * cancelled there. Errors of the server that may pass are RetryableErrors, others PermanentErrors; none holds the URL.
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

/** A cursor means nothing in another database, or for another key: rows of two sources would become one dataset. */
const checkSource = (
  dataset: string,
  before: Progress | undefined,
  { from, key }: Pick<Progress, 'from' | 'key'>,
): Progress | undefined => {
  if (before === undefined || (before.from === from && String(before.key) === String(key))) return before;
  throw new PermanentError(
    `dataset "${dataset}" was begun from ${before.from} with the key (${before.key.join(', ')}), and goes on from ${from} with the key (${key.join(', ')}): run the step from its beginning (resume --from)`,
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

/** Reads one query into one dataset and says how many rows the dataset has: `readPostgres` for a single `extract`. */
export function extractPostgres(step: ExtractingStep, options: PostgresOptions & Extract): Promise<number> {
  return readPostgres(step, options, (database) => database.extract(options));
}
