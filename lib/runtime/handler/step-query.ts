/** The result of `step.sql`: a query that has not run yet. */
import { queryRows } from '../../data/read/query-rows.ts';
import type { Row } from '../../data/row.ts';
import type { StepQuery } from '../step.ts';
import { type OpenedQuery, unlessDamaged } from './upstream-sql.ts';

/** A query that runs when it is iterated (rows in batches), awaited (all rows) or written. */
export class LazyQuery<T> implements StepQuery<T> {
  /** Checks the query and fetches what it names. */
  readonly open: () => Promise<OpenedQuery>;
  readonly #signal: AbortSignal;
  #all: Promise<T[]> | null = null;

  constructor(open: () => Promise<OpenedQuery>, signal: AbortSignal) {
    this.open = open;
    this.#signal = signal;
  }

  /** Its last batch comes when everything that the query read has been checked. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T[], void, void> {
    const { query, checked } = await this.open();
    const batches = queryRows(query.stream(), query.columns, { signal: this.#signal });
    try {
      let last: Row[] | null = null;
      for (;;) {
        const next = await unlessDamaged(checked, () => batches.next());
        if (next.done) break;
        // The author's word for what the query gives.
        if (last !== null) yield last as T[];
        last = next.value;
      }
      await checked;
      if (last !== null) yield last as T[];
    } finally {
      await batches.return();
    }
  }

  // biome-ignore lint/suspicious/noThenProperty: to be awaited is what it is for
  then<Done = T[], Failed = never>(
    onDone?: ((rows: T[]) => Done | PromiseLike<Done>) | null,
    onFailed?: ((error: unknown) => Failed | PromiseLike<Failed>) | null,
  ): Promise<Done | Failed> {
    this.#all ??= this.#collect();
    return this.#all.then(onDone, onFailed);
  }

  async #collect(): Promise<T[]> {
    const rows: T[] = [];
    for await (const batch of this) for (const row of batch) rows.push(row);
    return rows;
  }
}
