/** SQL of profiles. One query answers what needs every row, a second one what a sample answers. Names come from the data and stand in quotation marks only. */
import { parseColumnType } from '../../columns/parse-column-type.ts';
import { longestValue } from '../../contract/profiles/profile.ts';
import { quoteName, quoteText } from '../../duckdb/quote.ts';

/** The kinds of columns that differ in what a profile says of them. */
export type ProfileKind = 'number' | 'time' | 'text' | 'flag' | 'nested';

export function kindOf(type: string): ProfileKind {
  const { kind } = parseColumnType(type);
  if (kind === 'STRUCT' || kind === 'LIST') return 'nested';
  if (kind === 'VARCHAR') return 'text';
  if (kind === 'BOOLEAN') return 'flag';
  return kind === 'DATE' || kind === 'TIMESTAMP' ? 'time' : 'number';
}

export interface ProfiledColumn {
  readonly name: string;
  readonly type: string;
  readonly kind: ProfileKind;
  /** The place among the columns: it names the terms. */
  readonly index: number;
}

/** Shares of the quantiles. */
export const quantileShares = ['0.05', '0.25', '0.5', '0.75', '0.95'] as const;

/** Bars of a histogram. */
export const bars = 20;

/** The most frequent values that a profile shows. */
const mostTop = 10;

const text = (value: string): string => `CAST(${value} AS VARCHAR)`;

/** NaN and infinities have no place in a mean or between bars. */
const finite = ({ type, kind, name }: ProfiledColumn): string | null =>
  type === 'DOUBLE' || kind === 'time' ? `isfinite(${quoteName(name)})` : null;

const only = (column: ProfiledColumn): string => {
  const condition = finite(column);
  return condition === null ? '' : ` FILTER (WHERE ${condition})`;
};

/** The terms that need every row of the dataset. `estimated`: count different values by an estimate; a sample that is not all of the rows cannot count them. */
export function wholeTerms(
  column: ProfiledColumn,
  { estimated, quoted }: { readonly estimated: boolean; readonly quoted: boolean },
): string[] {
  const { name, kind, index, type } = column;
  const value = quoteName(name);
  const terms = [`${text(`count(${value})`)} AS n${index}`];
  if (estimated) terms.push(`${text(`approx_count_distinct(${value})`)} AS d${index}`);
  if (type === 'DOUBLE') terms.push(`${text(`count(*) FILTER (WHERE NOT isfinite(${value}))`)} AS f${index}`);
  if (kind === 'number' || kind === 'time' || (kind === 'text' && quoted))
    terms.push(
      ...['min', 'max'].map((edge) => `${shown(`${edge}(${value})${only(column)}`, kind)} AS ${edge}${index}`),
    );
  if (kind === 'number') terms.push(`${text(`favg(CAST(${value} AS DOUBLE))${only(column)}`)} AS mean${index}`);
  return terms;
}

/** Text is cut: a profile is read by people, and one value may have megabytes. */
const shown = (value: string, kind: ProfileKind): string =>
  kind === 'text' ? `left(${value}, ${longestValue + 1})` : text(value);

/** The terms that a sample answers, as scalar queries over the table `sample`. `edges` are the least and the largest value that `wholeTerms` found. */
export function sampleTerms(
  column: ProfiledColumn,
  {
    counted,
    quoted,
    edges,
  }: { readonly counted: boolean; readonly quoted: boolean; readonly edges: readonly [string, string] | null },
): string[] {
  const { name, kind, index } = column;
  const value = quoteName(name);
  const terms: string[] = [];
  if (counted) terms.push(`(SELECT ${text(`count(DISTINCT ${value})`)} FROM sample) AS d${index}`);
  if (quoted && kind !== 'nested') {
    const groups = `SELECT ${shown(value, kind)} AS v, count(*) AS n FROM sample WHERE ${value} IS NOT NULL GROUP BY 1 ORDER BY n DESC, v LIMIT ${mostTop}`;
    terms.push(
      `(SELECT ${text('to_json(list(struct_pack(value := v, count := n) ORDER BY n DESC, v))')} FROM (${groups})) AS top${index}`,
    );
  }
  if ((kind === 'number' || kind === 'time') && edges !== null) {
    const shares = quantileShares.join(', ');
    terms.push(
      `(SELECT ${text(`to_json(CAST(quantile_disc(${value}, [${shares}])${only(column)} AS VARCHAR[]))`)} FROM sample) AS q${index}`,
    );
    terms.push(`(${histogram(column, edges)}) AS h${index}`);
    if (kind === 'number') {
      const { place, width } = placeOf(column, edges);
      const deviation = `CASE WHEN any_value(${width}) > 0 THEN stddev_pop(${place})${only(column)} ELSE 0 END`;
      terms.push(`(SELECT ${text(deviation)} FROM sample WHERE ${present(column)}) AS s${index}`);
    }
  }
  return terms;
}

/** The distance of a value from the least one, in bars. Edges are divided before they are subtracted, so that no DOUBLE overflows. */
function placeOf({ type, kind, name }: ProfiledColumn, [least, most]: readonly [string, string]) {
  const number = (value: string): string =>
    kind === 'time' ? `CAST(epoch_us(CAST(${value} AS TIMESTAMP)) AS DOUBLE)` : `CAST(${value} AS DOUBLE)`;
  const [low, high] = [least, most].map((edge) => number(`CAST(${quoteText(edge)} AS ${type})`));
  const width = `(${high} / ${bars} - ${low} / ${bars})`;
  // Of equal values the width is 0. An aggregate computes its argument even where a CASE does not take it, and rejects NaN, so the place is NULL there.
  const divisor = `nullif(${width}, 0)`;
  return { width, place: `(${number(quoteName(name))} / ${divisor} - ${low} / ${divisor})` };
}

const present = (column: ProfiledColumn): string => {
  const condition = finite(column);
  return `${quoteName(column.name)} IS NOT NULL${condition === null ? '' : ` AND ${condition}`}`;
};

/** Counts by bar. */
function histogram(column: ProfiledColumn, edges: readonly [string, string]): string {
  const { width, place } = placeOf(column, edges);
  const bar = `greatest(0, least(${bars - 1}, floor(${place})))`;
  const counts = `SELECT CAST(CASE WHEN ${width} > 0 THEN ${bar} ELSE 0 END AS INTEGER) AS bar, count(*) AS n FROM sample WHERE ${present(column)} GROUP BY 1`;
  return `SELECT ${text('to_json(list(struct_pack(bar := bar, n := n)))')} FROM (${counts})`;
}
