import type { Json, JsonObject } from '../../contract/json.ts';
import type { Span } from '../../diagnostics/diagnostic.ts';

/** Rows of a dataset, with their columns where the template does not tell them. */
export type TestRows =
  | readonly JsonObject[]
  | { readonly columns: Readonly<Record<string, string>>; readonly rows: readonly JsonObject[] };

/** A dependency, as a test gives it. */
export type TestUpstream =
  | 'failed'
  | 'blocked'
  | 'skipped'
  | { readonly result?: Json; readonly datasets: Readonly<Record<string, TestRows>> };

/** A row that has to be there. Only the columns that it names count. */
export interface ExpectedRow {
  readonly values: JsonObject;
  readonly span: Span;
}

export interface ExpectedDataset {
  readonly span: Span;
  readonly rows: readonly ExpectedRow[];
  /** The order of the rows counts. */
  readonly ordered: boolean;
  /** By column: the distance that a number may have from the expected one. */
  readonly tolerance: ReadonlyMap<string, number>;
}

export interface Expected {
  /** Absent: any result. Of a mapping only the named keys count. */
  readonly result?: { readonly value: Json; readonly span: Span };
  /** The distance that a number of the result may have from the expected one. */
  readonly tolerance: number;
  readonly datasets: ReadonlyMap<string, ExpectedDataset>;
  /** Null: the step has to succeed. */
  readonly error: { readonly name: string | null; readonly message: string | null } | null;
}

/** One test of a step, from a file of tests. */
export interface UnitTest {
  readonly step: string;
  readonly name: string;
  readonly span: Span;
  readonly input: JsonObject;
  /** In place of `handler.initialization`; null: as the template has it. */
  readonly config: JsonObject | null;
  readonly secrets: Readonly<Record<string, string>>;
  readonly upstream: ReadonlyMap<string, TestUpstream>;
  readonly expected: Expected;
}
