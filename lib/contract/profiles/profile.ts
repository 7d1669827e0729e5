/** Profiles of datasets: what the values of each column are like. Values are text, so that no digit of a decimal, a large number or a moment is lost. */

export interface TopValue {
  /** At most `longestValue` characters; a longer one ends with "…". */
  readonly value: string;
  readonly count: number;
}

export interface ColumnProfile {
  readonly type: string;
  readonly nulls: number;
  /** Different values that are not null: exact up to `sampledRows` rows, else estimated (HyperLogLog). */
  readonly distinct: number;
  /** NaN and infinities, which min, max, mean, quantiles and histogram leave out. Absent without any. */
  readonly not_finite?: number;
  /** Null without values; absent for nested types, and for text if values are not to be quoted. */
  readonly min?: string | null;
  readonly max?: string | null;
  /** Of numbers, as a DOUBLE whose sum was corrected for rounding; null without values. */
  readonly mean?: number | null;
  /** Standard deviation of numbers, of the sample; null without values. */
  readonly deviation?: number | null;
  /** By share, such as "0.25": of numbers, days and moments. */
  readonly quantiles?: Readonly<Record<string, string>>;
  /** The most frequent values, the most frequent first. Absent if values are not to be quoted. */
  readonly top?: readonly TopValue[];
  /** Rows in intervals of equal width from min to max. */
  readonly histogram?: readonly number[];
}

/** `runs/<run>/steps/<step>/profiles/<dataset>/<content digest>.json`: a function of the data alone, so the first one counts. */
export interface Profile {
  readonly format: 1;
  readonly step: string;
  readonly dataset: string;
  readonly content_digest: string;
  readonly rows: number;
  /** Rows in the sample that quantiles, top values and histogram were computed of; equals `rows` if all were. */
  readonly sampled: number;
  readonly columns: Readonly<Record<string, ColumnProfile>>;
  /** Columns beyond the most that a profile has. */
  readonly left_out?: number;
}

/** The part of a column's profile that later runs are compared with. A list, since a history has many of them. `mean` and `deviation`: null if not a number. */
export type ColumnPoint = readonly [nulls: number, distinct: number, mean: number | null, deviation: number | null];

/** One run of a dataset's history. */
export interface ProfilePoint {
  readonly run_id: string;
  /** The scheduled time of the run, or its start. */
  readonly at: string;
  /** The version under which the run published; null if the pipeline does not publish. */
  readonly version: number | null;
  readonly rows: number;
  readonly columns: Readonly<Record<string, ColumnPoint>>;
}

/** `<pipeline>/profiles/<step>.<dataset>.json`: the latest runs, the latest first. One request reads it. */
export interface ProfileHistory {
  readonly format: 1;
  readonly points: readonly ProfilePoint[];
}

/** Rows up to which everything in a profile is exact. */
export const sampledRows = 20_000;

/** Columns that a profile describes. */
export const mostProfiledColumns = 200;

/** Characters of a value. */
export const longestValue = 100;

/** The part of a profile that later runs need. */
export function pointOf(profile: Profile, run: Pick<ProfilePoint, 'run_id' | 'at' | 'version'>): ProfilePoint {
  const columns = Object.entries(profile.columns).map(([name, column]) => [name, columnPoint(column)] as const);
  const { run_id, at, version } = run;
  return { run_id, at, version, rows: profile.rows, columns: Object.fromEntries(columns) };
}

function columnPoint({ nulls, distinct, mean = null, deviation = null }: ColumnProfile): ColumnPoint {
  return [nulls, distinct, mean, deviation];
}
