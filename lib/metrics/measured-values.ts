import type { ExecutionEnd } from '../contract/records/execution.ts';
import type { RunSizes } from '../contract/records/history.ts';
import { endRows, freshnessRow, type MetricLevel, type MetricRow, onTimeRow, sizeRows } from './metric-table.ts';

/** One value of a row. */
interface MeasuredValue {
  readonly row: MetricRow;
  readonly value: number;
}

/** Values of one moment, for a pipeline or for one of its steps. */
export interface MeasuredValues {
  readonly pipeline: string;
  /** Null for those of the whole run. */
  readonly step: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly values: readonly MeasuredValue[];
}

/** The figures of an execution that ended, and of its steps. */
export interface EndedRun extends Pick<ExecutionEnd, 'status' | 'ended_at'> {
  readonly pipeline: string;
  readonly sizes: RunSizes;
  readonly steps: ReadonlyMap<string, RunSizes>;
}

/** The values that an ended execution reports. */
export function valuesOfRun(
  { pipeline, status, ended_at, sizes, steps }: EndedRun,
  level: MetricLevel,
): MeasuredValues[] {
  if (level === 'none') return [];
  const at = Date.parse(ended_at);
  const values = [{ row: endRows[status], value: 1 }, ...valuesOf(sizes)];
  const ofRun: MeasuredValues = { pipeline, step: null, at, values };
  if (level === 'pipeline') return [ofRun];
  return [ofRun, ...[...steps].map(([step, own]) => ({ pipeline, step, at, values: valuesOf(own) }))];
}

/** The value that the sweep reports; none before the first success. */
export function freshnessValues(pipeline: string, succeededAt: string | null, now: number): MeasuredValues[] {
  if (succeededAt === null) return [];
  const value = Math.max(0, now - Date.parse(succeededAt)) / 1000;
  return [{ pipeline, step: null, at: now, values: [{ row: freshnessRow, value }] }];
}

/** The value that a look at the deadlines reports; none before the first has passed. */
export function onTimeValues(pipeline: string, percent: number | null, now: number): MeasuredValues[] {
  return percent === null ? [] : [{ pipeline, step: null, at: now, values: [{ row: onTimeRow, value: percent }] }];
}

const valuesOf = (sizes: RunSizes): MeasuredValue[] =>
  Object.entries(sizeRows).map(([field, row]) => ({ row, value: sizes[field as keyof RunSizes] }));
