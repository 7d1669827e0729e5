import { digestOf } from './fingerprint.ts';

/** The queries of an SQL step, as its function knows them. */
export interface SqlQueries {
  /** `one`: the result is `{row_count}`. `several`: it is what the query `result` gives, or `{row_counts: {...}}`. */
  readonly form: 'one' | 'several';
  /** In the order in which they run. */
  readonly datasets: readonly DatasetSql[];
  readonly result: SqlText | null;
  /** True if NaN and infinities in results fail the step. */
  readonly finite?: boolean;
}

export interface DatasetSql extends SqlText {
  readonly name: string;
}

export interface SqlText {
  readonly text: string;
  /** Relative to the template's folder; null for a query that the template itself has. */
  readonly file: string | null;
}

/** Digest of an SQL step's code: its texts, to the last comment, and what each makes. Where the texts stand does not count. */
export function sqlDigest({ form, datasets, result, finite }: SqlQueries): string {
  return digestOf({
    form,
    datasets: datasets.map(({ name, text }) => [name, text]),
    result: result?.text ?? null,
    ...(finite && { finite }),
  }).slice(0, 32);
}
