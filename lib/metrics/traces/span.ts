import { createHash } from 'node:crypto';

/** A piece of work in a run: an execution, a step in it, or an attempt of the step. */
export interface TraceSpan {
  readonly pipeline: string;
  readonly run_id: string;
  readonly execution: number;
  /** Null for the execution itself. */
  readonly step: string | null;
  /** Null for the execution and for a step as a whole. */
  readonly attempt: number | null;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly error: { readonly error: string; readonly text: string } | null;
  /** Further facts, by name without the beginning `daybreak.`. */
  readonly facts: Readonly<Record<string, string | number>>;
}

type Place = Pick<TraceSpan, 'pipeline' | 'run_id' | 'execution' | 'step' | 'attempt'>;

/** The id of a run's trace, 16 bytes in hexadecimal digits: the same in each report of the run. */
export function traceIdOf({ pipeline, run_id }: Pick<TraceSpan, 'pipeline' | 'run_id'>): string {
  return idOf(32, 'trace', pipeline, run_id);
}

/** The id of a span, 8 bytes in hexadecimal digits: the same in each report of the same piece of work. */
export function spanIdOf({ pipeline, run_id, execution, step, attempt }: Place): string {
  return idOf(16, 'span', pipeline, run_id, execution, step, attempt);
}

/** The id of the span that a span lies in; null for an execution. */
export function parentIdOf(span: Place): string | null {
  if (span.attempt !== null) return spanIdOf({ ...span, attempt: null });
  return span.step === null ? null : spanIdOf({ ...span, step: null });
}

/** Ids of zeros alone are invalid in OpenTelemetry; a digest is never that, for any purpose. JSON keeps the parts apart. */
const idOf = (digits: number, ...parts: readonly (string | number | null)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, digits);
