/** Compares a run's measures with those of earlier runs of the same dataset. */

import type { ProfilePoint } from '../../contract/profiles/profile.ts';
import type { AnomalyMeasure } from '../../contract/records/data-check.ts';
import { type Expectation, expectNext, leastHistory } from './expect.ts';
import { type Measure, measuresOf } from './measures.ts';

export interface AnomalyRule {
  /** Null: all. */
  readonly columns: readonly string[] | null;
  readonly measures: readonly AnomalyMeasure[] | null;
  /** The latest earlier runs that count. */
  readonly runs: number;
  /** Standard deviations from the centre that are allowed. */
  readonly threshold: number;
}

/** A measure outside of its range. */
export interface Anomaly {
  readonly measure: AnomalyMeasure;
  readonly column: string | null;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  /** Standard deviations from the nearest centre. */
  readonly score: number;
  /** Earlier runs that the range comes from, and whether they are those of the same weekday. */
  readonly of: number;
  readonly seasonal: boolean;
}

export interface Judgement {
  /** Earlier runs that could be compared with. */
  readonly history: number;
  /** Measures that had enough history. */
  readonly judged: number;
  /** The farthest first. */
  readonly anomalies: readonly Anomaly[];
}

/** Silent while fewer than `leastHistory` earlier runs have a measure. Runs of later data do not count. */
export function findAnomalies(now: ProfilePoint, history: readonly ProfilePoint[], rule: AnomalyRule): Judgement {
  const earlier = history
    .filter(({ run_id, at }) => run_id !== now.run_id && Date.parse(at) < Date.parse(now.at))
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .slice(0, rule.runs);
  const verdicts =
    earlier.length < leastHistory ? [] : measuresOf(now, rule).map((one) => judge(one, now, earlier, rule));
  const judged = verdicts.filter((one) => one !== null);
  const anomalies = judged.filter((one) => one !== 'within').sort((a, b) => b.score - a.score);
  return { history: earlier.length, judged: judged.length, anomalies };
}

const weekdayOf = ({ at }: ProfilePoint): number => new Date(at).getUTCDay();

function judge(
  measure: Measure,
  now: ProfilePoint,
  earlier: readonly ProfilePoint[],
  { threshold }: AnomalyRule,
): Anomaly | 'within' | null {
  const value = measure.of(now);
  const points = earlier.filter((point) => measure.of(point) !== null);
  if (value === null) return null;
  const past = points.map((point) => ({ value: measure.to(measure.of(point) ?? 0), weekday: weekdayOf(point) }));
  const typical = past.map((one) => one.value).sort((a, b) => a - b)[Math.floor(past.length / 2)] ?? 0;
  const expected = expectNext(past, weekdayOf(now), measure.floor(now, points, typical));
  const [first, ...others] = expected;
  if (!first) return null;
  const scaled = measure.to(value);
  const scoreOf = ({ centre, scale }: Expectation): number => Math.abs(scaled - centre) / scale;
  const nearest = others.reduce((best, one) => (scoreOf(one) < scoreOf(best) ? one : best), first);
  const score = scoreOf(nearest);
  if (score <= threshold) return 'within';
  const { centre, scale, of, seasonal } = nearest;
  const [least, most] = [measure.from(centre - threshold * scale), measure.from(centre + threshold * scale)];
  return { measure: measure.name, column: measure.column, value, least, most, score, of, seasonal };
}
