/** SQL of checks. Names and values come from the template and stand in the text in quotation marks only. */

import { PermanentError } from '../../contract/errors.ts';
import {
  type CheckRule,
  type ColumnPlace,
  columnsOf,
  type DataCheck,
  type Literal,
} from '../../contract/records/data-check.ts';
import { quoteName, quoteText } from '../../duckdb/quote.ts';
import { literalFor } from '../../input/literal-for.ts';
import type { Columns } from '../step.ts';

/** The rows that a check looks at. */
export interface Source {
  /** The table in SQL: `"step"."dataset"`, or the name of a common table expression. */
  readonly table: string;
  readonly columns: Columns;
}

export function tableOf({ step, dataset }: Pick<ColumnPlace, 'step' | 'dataset'>): string {
  return `${quoteName(step)}.${quoteName(dataset)}`;
}

/** The condition under which a row of `source`, with the alias `d`, breaks a rule; never null. Null for rules that say nothing of single rows. */
export function brokenBy(rule: CheckRule, source: Source): string | null {
  switch (rule.kind) {
    case 'not_null':
      return rule.columns.map((column) => `${own(column)} IS NULL`).join(' OR ');
    case 'unique':
      return isTwice(rule.columns, source);
    case 'foreign_key':
      return isNowhere(rule);
    case 'accepted_values':
      return present(rule.column, `${own(rule.column)} NOT IN (${valuesOf(rule.values, rule.column, source)})`);
    case 'range':
      return present(rule.column, outside(rule, source));
    case 'regex':
      return present(rule.column, `NOT regexp_matches(${own(rule.column)}, ${quoteText(rule.pattern)})`);
    default:
      return null;
  }
}

const own = (column: string): string => `d.${quoteName(column)}`;

const present = (column: string, condition: string): string => `(${own(column)} IS NOT NULL AND (${condition}))`;

const valuesOf = (values: readonly Literal[], column: string, source: Source): string =>
  values.map((value) => valueSql(value, column, source)).join(', ');

function outside({ column, min, max }: Extract<CheckRule, { kind: 'range' }>, source: Source): string {
  const conditions = [
    ...(min ? [`${own(column)} < ${valueSql(min, column, source)}`] : []),
    ...(max ? [`${own(column)} > ${valueSql(max, column, source)}`] : []),
    ...(source.columns[column] === 'DOUBLE' ? [`isnan(${own(column)})`] : []),
  ];
  return conditions.join(' OR ');
}

/** Rows that share their values in all of these columns. A null is equal to nothing. */
function isTwice(columns: readonly string[], { table }: Source): string {
  const key = (alias: string): string => tuple(columns.map((column) => `${alias}.${quoteName(column)}`));
  const whole = (alias: string): string =>
    columns.map((column) => `${alias}.${quoteName(column)} IS NOT NULL`).join(' AND ');
  const twice = `SELECT ${key('u')} FROM ${table} AS u WHERE ${whole('u')} GROUP BY ALL HAVING count(*) > 1`;
  return `(${whole('d')} AND ${key('d')} IN (${twice}))`;
}

function isNowhere({ columns, to, ...other }: Extract<CheckRule, { kind: 'foreign_key' }>): string {
  const names = (alias: string, of: readonly string[]): string[] => of.map((column) => `${alias}.${quoteName(column)}`);
  const whole = (alias: string, of: readonly string[]): string =>
    names(alias, of)
      .map((column) => `${column} IS NOT NULL`)
      .join(' AND ');
  const there = `SELECT ${tuple(names('f', to))} FROM ${tableOf(other)} AS f WHERE ${whole('f', to)}`;
  return `(${whole('d', columns)} AND ${tuple(names('d', columns))} NOT IN (${there}))`;
}

const tuple = (parts: readonly string[]): string =>
  parts.length === 1 ? (parts[0] ?? '') : `row(${parts.join(', ')})`;

function valueSql(literal: Literal, column: string, { columns }: Source): string {
  const type = columns[column] ?? '';
  const fitting = literalFor(literal, type);
  if ('fault' in fitting)
    throw new PermanentError(`a check of column "${column}" has a value that does not fit: ${fitting.fault}`);
  return fitting.type === null ? quoteText(fitting.text) : `CAST(${quoteText(fitting.text)} AS ${fitting.type})`;
}

/** Throws if a check names a column that the dataset does not have. */
export function requireColumns(dataset: string, checks: readonly DataCheck[], columns: Columns): void {
  for (const check of checks)
    for (const column of columnsOf(check))
      if (!Object.hasOwn(columns, column))
        throw new PermanentError(
          `the check "${check.name}" names the column "${column}", which dataset "${dataset}" does not have; it has ${Object.keys(columns).join(', ')}`,
        );
}
