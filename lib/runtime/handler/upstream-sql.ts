/** Queries over the datasets that a step may read, fetched when a query first names them. */

import { parseColumns } from '../../columns/columns.ts';
import type { DatasetEntry } from '../../contract/records/dataset.ts';
import { type DatasetName, guardSql, type UserSql } from '../../duckdb/guard/guard-sql.ts';
import type { Query } from '../../duckdb/query.ts';
import type { HandlerSessions } from './handler-sessions.ts';

/** A query that is ready to run. */
export interface OpenedQuery {
  readonly query: Query;
  /** Resolves once every byte that the query reads equals the written one. Its rows do not count earlier. */
  readonly checked: Promise<void>;
  /** Approximate width of a row that it reads, in bytes of text. */
  readonly rowBytes: number;
}

/** A dataset that queries may name. */
export interface QueryableDataset extends DatasetName {
  readonly entry: DatasetEntry;
}

/** Text is about this many times as large as its Parquet. */
const compression = 6;

/** Datasets as the tables "step"."dataset" of an invocation's session. */
export class UpstreamSql {
  readonly #sessions: HandlerSessions;
  readonly #datasets: QueryableDataset[];
  readonly #defined = new Map<DatasetName, Promise<{ readonly checked: Promise<void> }>>();
  /** One after the other: if two callers make a schema at once, DuckDB rejects one. */
  #lastView: Promise<void> = Promise.resolve();

  constructor(sessions: HandlerSessions, datasets: readonly QueryableDataset[]) {
    this.#sessions = sessions;
    this.#datasets = [...datasets];
  }

  /** Lets later queries name a dataset that the step has made itself. */
  add(dataset: QueryableDataset): void {
    this.#datasets.push(dataset);
  }

  /** Checks a query, fetches what it names and binds its parameters. */
  async open(sql: UserSql, parameters: Readonly<Record<string, unknown>>): Promise<OpenedQuery> {
    const { session } = await this.#sessions.readSession();
    const guarded = await guardSql(session, sql, this.#datasets);
    const named = this.#datasets.filter((one) => guarded.tables.includes(one));
    const defined = await Promise.all(named.map((one) => this.#define(one)));
    const checked = Promise.all(defined.map((one) => one.checked)).then(() => undefined);
    checked.catch(() => undefined);
    const query = await unlessDamaged(checked, () => session.query(guarded, parameters));
    const rowBytes = Math.max(1, ...named.map(({ entry }) => (compression * entry.bytes) / Math.max(1, entry.rows)));
    return { query, checked, rowBytes };
  }

  #define(dataset: QueryableDataset): Promise<{ readonly checked: Promise<void> }> {
    const known = this.#defined.get(dataset);
    if (known !== undefined) return known;
    const defining = this.#fetch(dataset);
    this.#defined.set(dataset, defining);
    // The next query that names it tries again.
    defining
      .then(({ checked }) => checked)
      .catch(() => {
        if (this.#defined.get(dataset) === defining) this.#defined.delete(dataset);
      });
    return defining;
  }

  async #fetch(dataset: QueryableDataset): Promise<{ readonly checked: Promise<void> }> {
    const { step, dataset: name, entry } = dataset;
    const { session, fetched } = await this.#sessions.readSession();
    const { files, checked } = await fetched.files(entry);
    const view = { step, dataset: name, files, columns: parseColumns(name, entry.columns) };
    const mine = this.#lastView.then(() => session.defineView(view));
    this.#lastView = mine.catch(() => undefined);
    await mine;
    return { checked };
  }
}

/** Work on files that are still being checked: when it fails, and they are not what was written, that is why. */
export async function unlessDamaged<T>(checked: Promise<void>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await checked;
    throw error;
  }
}
