import type pg from 'pg';
import { type Column, renderColumnType } from '../../../columns/column-type.ts';
import { ValidationError } from '../../../contract/errors.ts';
import { type ServerType, serverTypes } from '../server-type.ts';
import { ident } from '../sql.ts';
import { columnExpression } from './column-expression.ts';

/** A column of a query's result. */
export interface ResultColumn {
  readonly name: string;
  readonly type: ServerType;
}

/** Finds the columns of a query's result without running the query. */
export async function describeQuery(client: pg.Client, query: string): Promise<readonly ResultColumn[]> {
  const { fields } = await client.query(`SELECT * FROM (${query}\n) AS extract LIMIT 0`);
  return resultColumns(client, fields);
}

/** The columns of a result. The server names a domain's base type here, with its modifier. */
export async function resultColumns(
  client: pg.Client,
  fields: readonly pg.FieldDef[],
): Promise<readonly ResultColumn[]> {
  const ids = fields.map(({ dataTypeID, dataTypeModifier }) => ({ id: dataTypeID, modifier: dataTypeModifier }));
  const types = await serverTypes(client, ids);
  return fields.map(({ name }, index) => ({ name, type: types[index] as ServerType }));
}

/** The expressions of the declared columns, in their order. Throws a ValidationError that lists every mismatch. */
export function matchColumns(
  dataset: string,
  declared: readonly Column[],
  found: readonly ResultColumn[],
): readonly string[] {
  const violations: string[] = [];
  const byName = new Map<string, ResultColumn>();
  for (const column of found) {
    if (byName.has(column.name)) violations.push(`the query gives two columns "${column.name}": rename one with AS`);
    byName.set(column.name, column);
  }
  const names = new Set(declared.map(({ name }) => name));
  for (const { name } of found) if (!names.has(name)) violations.push(`the query's column "${name}" is not declared`);
  const expressions = declared.map(({ name, type }) => {
    const column = byName.get(name);
    if (column === undefined) {
      violations.push(`the column "${name}" is declared, and the query gives ${[...byName.keys()].join(', ')}`);
      return '';
    }
    const expression = columnExpression(ident(name).text, column.type, type);
    if ('sql' in expression) return expression.sql;
    const shown = /^[a-z_][a-z0-9_]*$/.test(name) ? name : ident(name).text;
    const way = expression.mismatch.replaceAll(/\bx\b/g, () => shown);
    violations.push(
      `column "${name}" is ${column.type.shown} in PostgreSQL and ${renderColumnType(type)} in the dataset: ${way}`,
    );
    return '';
  });
  if (violations.length === 0) return expressions;
  throw new ValidationError(`dataset "${dataset}" does not match its query:`, violations);
}
