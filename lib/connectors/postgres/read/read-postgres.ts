import type { Json } from '../../../contract/json.ts';

import type { StepWriter } from '../../../runtime/step.ts';
import type { PostgresOptions } from '../connection-settings.ts';
import type { Sql } from '../sql.ts';
import { boundQuery } from './bound-query.ts';
import { copyChunks, type Extract, type ExtractingStep, prepareExtract } from './extract.ts';
import { extractRanges } from './extract-ranges.ts';
import { Snapshot } from './snapshot.ts';

/** One state of a database: everything that is read through it fits together. */
export interface PostgresSnapshot {
  /** Reads a query into a dataset and says how many rows the dataset has. */
  extract(extract: Extract): Promise<number>;
  /** The rows of a small query, as the driver gives them: bigint and numeric as text, timestamptz as Date, json parsed. */
  rows<Row extends object = Record<string, unknown>>(query: Sql): Promise<Row[]>;
}

/** How far an extraction is, inside of the step's checkpoint. */
interface Progress {
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
    async rows<Row extends object>(query: Sql) {
      const { numbered, texts } = boundQuery(query);
      const sent = { query: numbered, offset: 0 };
      return snapshot.run(
        'reading rows',
        async (client) => (await client.query(numbered, [...texts])).rows as Row[],
        sent,
      );
    },
    async extract(extract) {
      const { dataset, columns } = extract;
      const { after = null, rows } = done[dataset] ?? {};
      if (rows !== undefined) return rows;
      const writer = step.writer(dataset, { columns });
      const pass = async (cursor: readonly string[]): Promise<void> => {
        done[dataset] = { after: cursor };
        await step.yieldIfDue({ ...step.checkpoint, postgres: done } as Json);
      };
      if (extract.ranges) await extractRanges({ step, snapshot, writer }, extract, extract.ranges);
      else await extractAll({ step, snapshot, writer, pass }, extract, after);
      done[dataset] = { after: null, rows: writer.rowCount };
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
