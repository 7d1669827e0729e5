/** Queries of people over the committed datasets of a run, in the sandbox of SQL steps: they read these datasets and nothing else. */
import { renderColumnType } from '../../columns/column-type.ts';
import type { Row } from '../../data/row.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { SystemClock } from '../../ports/system-clock.ts';
import { HandlerSessions } from './handler-sessions.ts';
import { LazyQuery } from './step-query.ts';
import { type QueryableDataset, UpstreamSql } from './upstream-sql.ts';

/** A column of the result, with its type as a template writes it. */
export interface ResultColumn {
  readonly name: string;
  readonly type: string;
}

/** The result of a query. Its rows are read once. */
export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  readonly batches: AsyncIterable<Row[]>;
}

interface Wanted {
  readonly store: ObjectStore;
  readonly datasets: readonly QueryableDataset[];
  readonly text: string;
  readonly signal: AbortSignal;
}

/** Gives the result to `use`, and removes all local files when that has ended. Every byte that the query reads is checked before the last batch. */
export async function readOnlyQuery<T>(
  { store, datasets, text, signal }: Wanted,
  use: (result: QueryResult) => Promise<T>,
): Promise<T> {
  const ports = { store, clock: new SystemClock(), tokens: { succeed: async () => 'gone' as const } };
  const noHandler = async (): Promise<never> => {
    throw new Error('a query has no handler');
  };
  const sessions = new HandlerSessions({ ports, handler: noHandler, invocationId: 'query' }, signal);
  try {
    const opened = await new UpstreamSql(sessions, datasets).open({ name: 'query', text }, {});
    const columns = opened.query.columns.map(({ name, type }) => ({ name, type: renderColumnType(type) }));
    return await use({ columns, batches: new LazyQuery<Row>(async () => opened, signal) });
  } finally {
    await sessions.close();
  }
}
