import type { PublishedDataset, PublishedVersion } from '../contract/published/published-version.ts';
import { readRows } from '../data/read/read-rows.ts';
import type { Row } from '../data/row.ts';
import { datasetIn, openVersion } from '../operate/published/snapshot.ts';
import { openStore } from '../ports/open-store.ts';
import type { ObjectStore } from '../ports/ports.ts';
import { SystemClock } from '../ports/system-clock.ts';
import { HandlerSessions } from '../runtime/handler/handler-sessions.ts';
import { LazyQuery } from '../runtime/handler/step-query.ts';
import { UpstreamSql } from '../runtime/handler/upstream-sql.ts';

export interface PublishedOptions {
  /** `s3://<bucket>`, `s3://<bucket>/<prefix>` or `file:///<folder>`, or a store that is open. */
  readonly store: string | ObjectStore;
  readonly pipeline: string;
  /** Name of the partition; left out for a pipeline without partitions. */
  readonly partition?: string;
  /** The current one if left out. */
  readonly version?: number;
  /** Ends all reading with its reason. */
  readonly signal?: AbortSignal;
}

/** One version of published data. Everything that is read from it is of this version, also if others are published meanwhile. */
export interface Published extends AsyncDisposable {
  readonly pipeline: string;
  readonly partition: string;
  readonly version: number;
  readonly run_id: string;
  readonly execution: number;
  /** Names, columns and row counts. */
  readonly datasets: readonly Pick<PublishedDataset, 'step' | 'dataset' | 'columns' | 'rows' | 'bytes'>[];
  /** Rows in batches, in their order and exact, as `step.rows` gives them. The name is `step.dataset`, or the dataset alone if only one step has it. */
  rows<T = Row>(dataset: string, options?: { readonly batchSize?: number }): AsyncIterable<T[]>;
  /** A query over "step"."dataset", in the sandbox of SQL steps. Await it for all rows, or iterate it for batches. */
  sql<T = Row>(text: string, parameters?: Readonly<Record<string, unknown>>): AsyncIterable<T[]> & PromiseLike<T[]>;
  /** Removes all local files. */
  close(): Promise<void>;
}

/** Opens one version of the data that a pipeline publishes. Throws a PublishedError if there is none. A reader has 24 hours from here, also if versions are published and removed meanwhile. */
export async function openPublished(options: PublishedOptions): Promise<Published> {
  const { pipeline, partition = '', version = null, signal } = options;
  const store = typeof options.store === 'string' ? await openStore(options.store) : options.store;
  const record = await openVersion(store, pipeline, { partition, version });
  return readable(store, record, signal);
}

/** The reader of a version whose record is known. */
export function readable(store: ObjectStore, record: PublishedVersion, signal?: AbortSignal): Published {
  const ports = { store, clock: new SystemClock(), tokens: { succeed: async () => 'gone' as const } };
  const handler = () => Promise.reject(new Error('a reader has no handler'));
  const sessions = new HandlerSessions(
    { ports, handler, invocationId: 'published' },
    signal ?? new AbortController().signal,
  );
  const queries = new UpstreamSql(
    sessions,
    record.datasets.map((entry) => ({ step: entry.step, dataset: entry.dataset, entry })),
  );
  const { partition, version, run_id, execution, datasets } = record;
  const close = (): Promise<void> => sessions.close();
  return {
    ...{ pipeline: record.pipeline, partition, version, run_id, execution },
    datasets: datasets.map(({ step, dataset, columns, rows, bytes }) => ({ step, dataset, columns, rows, bytes })),
    rows<T>(name: string, more: { readonly batchSize?: number } = {}): AsyncIterable<T[]> {
      const entry = datasetIn(record, name);
      return {
        async *[Symbol.asyncIterator]() {
          yield* readRows(await sessions.readSession(), entry, more) as AsyncIterable<T[]>;
        },
      };
    },
    sql: <T>(text: string, parameters: Readonly<Record<string, unknown>> = {}) =>
      new LazyQuery<T>(() => queries.open({ name: 'query', text }, parameters), sessions.signal),
    close,
    [Symbol.asyncDispose]: close,
  };
}
