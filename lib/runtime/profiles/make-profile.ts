/** Computes the profile of a dataset: every row is read once, and a sample of large datasets once more. */

import {
  type ColumnProfile,
  longestValue,
  mostProfiledColumns,
  type Profile,
  sampledRows,
  type TopValue,
} from '../../contract/profiles/profile.ts';
import type { DatasetEntry } from '../../contract/records/dataset.ts';
import type { AskOne } from './ask-one.ts';
import { bars, kindOf, type ProfiledColumn, quantileShares, sampleTerms, wholeTerms } from './profile-sql.ts';

export interface ProfileSource {
  readonly step: string;
  readonly dataset: string;
  readonly entry: Pick<DatasetEntry, 'columns' | 'content_digest'>;
  /** In SQL: `"step"."dataset"`, or a name that `prelude` defines, with its WITH. */
  readonly table: string;
  readonly prelude: string;
  readonly ask: AskOne;
  /** False: no value of text and no frequent value is kept. */
  readonly quoted: boolean;
}

type Row = Readonly<Record<string, string | null>>;

export async function makeProfile(source: ProfileSource): Promise<Profile> {
  const { dataset, step, entry, table, prelude, ask, quoted } = source;
  const all = Object.entries(entry.columns);
  const columns = all
    .slice(0, mostProfiledColumns)
    .map(([name, type], index): ProfiledColumn => ({ name, type, kind: kindOf(type), index }));
  const name = `the profile of ${dataset}`;
  const { total } = await ask(`${prelude}SELECT CAST(count(*) AS VARCHAR) AS total FROM ${table}`, name);
  const rows = Number(total ?? '0');
  const estimated = rows > sampledRows;
  const terms = columns.flatMap((column) => wholeTerms(column, { estimated, quoted }));
  const whole: Row = await ask(`${prelude}SELECT ${terms.join(', ')} FROM ${table}`, name);
  const questions = columns.flatMap((column) => {
    const [least, most] = [whole[`min${column.index}`] ?? null, whole[`max${column.index}`] ?? null];
    return sampleTerms(column, {
      counted: !estimated,
      quoted,
      edges: least === null || most === null ? null : [least, most],
    });
  });
  const taken = estimated ? ` USING SAMPLE reservoir(${sampledRows} ROWS) REPEATABLE (1)` : '';
  const sample = `${prelude === '' ? 'WITH ' : `${prelude.trimEnd()}, `}sample AS MATERIALIZED (SELECT * FROM ${table}${taken})\n`;
  const sampled: Row = questions.length === 0 ? {} : await ask(`${sample}SELECT ${questions.join(', ')}`, name);
  const leftOut = all.length - columns.length;
  return {
    format: 1,
    step,
    dataset,
    content_digest: entry.content_digest,
    rows,
    sampled: Math.min(rows, sampledRows),
    columns: Object.fromEntries(
      columns.map((column) => [column.name, columnProfile(column, rows, { ...whole, ...sampled })]),
    ),
    ...(leftOut > 0 && { left_out: leftOut }),
  };
}

function columnProfile({ type, kind, index }: ProfiledColumn, rows: number, found: Row): ColumnProfile {
  const text = (name: string): string | null => found[`${name}${index}`] ?? null;
  const present = Number(text('n') ?? '0');
  const notFinite = Number(text('f') ?? '0');
  const [quantiles, top, histogram] = [text('q'), text('top'), text('h')];
  return {
    type,
    nulls: rows - present,
    // An estimate may exceed the number of values.
    distinct: Math.min(present, Number(text('d') ?? '0')),
    ...(notFinite > 0 && { not_finite: notFinite }),
    ...(`min${index}` in found && { min: cut(text('min')), max: cut(text('max')) }),
    ...(kind === 'number' && { mean: finiteOrNull(text('mean')), deviation: deviationOf(text) }),
    ...(quantiles !== null && { quantiles: quantilesOf(quantiles) }),
    ...(`top${index}` in found && { top: topOf(top) }),
    ...(histogram !== null && { histogram: histogramOf(histogram) }),
  };
}

const cut = (value: string | null): string | null =>
  value !== null && value.length > longestValue ? `${value.slice(0, longestValue - 1)}…` : value;

/** From bars to the unit of the column. */
const deviationOf = (text: (name: string) => string | null): number | null => {
  const [bar, least, most] = [finiteOrNull(text('s')), finiteOrNull(text('min')), finiteOrNull(text('max'))];
  return bar === null || least === null || most === null
    ? null
    : finiteOrNull(String(bar * (most / bars - least / bars)));
};

const finiteOrNull = (text: string | null): number | null => {
  const number = Number(text ?? Number.NaN);
  return Number.isFinite(number) ? number : null;
};

const quantilesOf = (json: string): Record<string, string> => {
  const values = JSON.parse(json) as string[];
  return Object.fromEntries(quantileShares.map((share, index) => [share, values[index] ?? '']));
};

const topOf = (json: string | null): TopValue[] =>
  ((JSON.parse(json ?? '[]') ?? []) as TopValue[]).map(({ value, count }) => ({
    value: cut(value) ?? '',
    count: Number(count),
  }));

const histogramOf = (json: string): number[] => {
  const counts = new Map(
    ((JSON.parse(json) ?? []) as { bar: number; n: number }[]).map(({ bar, n }) => [bar, Number(n)]),
  );
  return Array.from({ length: bars }, (_, bar) => counts.get(bar) ?? 0);
};
