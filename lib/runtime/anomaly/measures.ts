/** The measures of a profile that are compared with those of earlier runs, each on a scale on which its noise is about the same at every level. */

import { type ProfilePoint, sampledRows } from '../../contract/profiles/profile.ts';
import type { AnomalyMeasure } from '../../contract/records/data-check.ts';

/** One measure of a run, or null where the run does not have it. */
export interface Measure {
  readonly name: AnomalyMeasure;
  /** Null for row_count. */
  readonly column: string | null;
  readonly of: (point: ProfilePoint) => number | null;
  /** Onto the scale of comparison, and back. */
  readonly to: (value: number) => number;
  readonly from: (scaled: number) => number;
  /** The least standard deviation that a run like these can have, on the scale of comparison: so a constant history does not fire for nothing. */
  readonly floor: (now: ProfilePoint, points: readonly ProfilePoint[], centre: number) => number;
}

/** Counts are compared by their ratio: half is as far as double. */
const ratio = { to: (value: number) => Math.log1p(value), from: (scaled: number) => Math.expm1(scaled) };

/** 3 % is a constant number of rows to people. */
const leastRatio = 0.03;

const rowCount: Measure = {
  name: 'row_count',
  column: null,
  of: ({ rows }) => rows,
  ...ratio,
  floor: () => leastRatio,
};

const column = (point: ProfilePoint, name: string) =>
  Object.hasOwn(point.columns, name) ? (point.columns[name] ?? null) : null;

/** A share of n rows has the standard deviation 1 / 2√n after this transformation, at every level (Anscombe 1948, without his correction for small counts). */
const share = (name: string): Measure => ({
  name: 'null_share',
  column: name,
  of: (point) => {
    const found = column(point, name);
    return found && point.rows > 0 ? found[0] / point.rows : null;
  },
  to: (value) => Math.asin(Math.sqrt(Math.min(1, Math.max(0, value)))),
  from: (scaled) => Math.sin(Math.min(Math.PI / 2, Math.max(0, scaled))) ** 2,
  // 0.01 allows a column without nulls a share of 0.3 %.
  floor: ({ rows }) => Math.max(0.01, 0.5 / Math.sqrt(Math.max(1, rows))),
});

const mean = (name: string): Measure => ({
  name: 'mean',
  column: name,
  of: (point) => column(point, name)?.[2] ?? null,
  to: (value) => value,
  from: (scaled) => scaled,
  floor: ({ rows }, points, centre) => {
    const deviations = points.flatMap((point) => column(point, name)?.[3] ?? []).sort((a, b) => a - b);
    const deviation = deviations[Math.floor(deviations.length / 2)] ?? 0;
    return Math.max(
      deviation * Math.max(1 / Math.sqrt(Math.max(1, rows)), 0.02),
      Math.abs(centre) * 0.002,
      Number.MIN_VALUE,
    );
  },
});

const distinct = (name: string): Measure => ({
  name: 'distinct',
  column: name,
  of: (point) => column(point, name)?.[1] ?? null,
  ...ratio,
  // Estimates of large datasets are off by about 13 % (64 registers). A few different values more or less are no news.
  floor: (_, points, centre) => {
    const estimated = points.some(({ rows }) => rows > sampledRows) ? 0.15 : leastRatio;
    return Math.max(estimated, 1 / Math.sqrt(Math.max(1, Math.expm1(centre))));
  },
});

/** The measures of a run that are asked for: of all columns unless some are named. */
export function measuresOf(
  point: ProfilePoint,
  wanted: { readonly columns: readonly string[] | null; readonly measures: readonly AnomalyMeasure[] | null },
): Measure[] {
  const names = Object.keys(point.columns).filter((name) => wanted.columns?.includes(name) ?? true);
  const all = [
    rowCount,
    ...names.flatMap((name) => [
      share(name),
      ...(column(point, name)?.[2] == null ? [] : [mean(name)]),
      distinct(name),
    ]),
  ];
  return all.filter(({ name }) => wanted.measures?.includes(name) ?? true);
}
