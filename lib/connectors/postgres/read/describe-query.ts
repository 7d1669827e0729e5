import type pg from 'pg';
import { type Column, renderColumnType } from '../../../columns/column-type.ts';
import { ValidationError } from '../../../contract/errors.ts';
import { ident } from '../sql.ts';
import { columnExpression, type ServerType } from './column-expression.ts';

/** A column of a query's result. */
export interface ResultColumn {
  readonly name: string;
  readonly type: ServerType;
  /** The type's name without precision: what text is cast to for comparing. */
  readonly cast: string;
}

/** The columns that a query gives, found out without running it. */
export async function describeQuery(client: pg.Client, query: string): Promise<readonly ResultColumn[]> {
  const { fields } = await client.query(`SELECT * FROM (${query}\n) AS extract LIMIT 0`);
  const ids = fields.map(({ dataTypeID }) => dataTypeID);
  const modifiers = fields.map(({ dataTypeModifier }) => dataTypeModifier);
  const { rows } = await client.query<TypeRow>(typesOf, [ids, modifiers]);
  return fields.map(({ name }, index) => {
    const row = rows[index];
    if (row === undefined) throw new Error(`the server does not know its own type ${ids[index]}`);
    return { name, cast: row.plain, type: serverType(row, modifiers[index] ?? -1) };
  });
}

interface TypeRow {
  readonly shown: string;
  readonly plain: string;
  readonly name: string;
  readonly own: boolean;
  readonly kind: string;
  readonly element: string | null;
  readonly element_own: boolean | null;
  readonly element_kind: string | null;
}

const typesOf = `
  SELECT pg_catalog.format_type(f.id, f.modifier) AS shown, pg_catalog.format_type(f.id, NULL) AS plain,
         t.typname::text AS name, t.typnamespace = 'pg_catalog'::regnamespace AS own, t.typtype::text AS kind,
         e.typname::text AS element, e.typnamespace = 'pg_catalog'::regnamespace AS element_own, e.typtype::text AS element_kind
  FROM unnest($1::oid[], $2::int4[]) WITH ORDINALITY AS f(id, modifier, position)
  JOIN pg_catalog.pg_type t ON t.oid = f.id
  LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
  ORDER BY f.position`;

const serverType = (row: TypeRow, modifier: number): ServerType => {
  const { shown } = row;
  if (row.element !== null) {
    const name = nameOf(row.element, row.element_own === true, row.element_kind ?? '');
    return {
      name: 'array',
      shown,
      precision: null,
      scale: null,
      element: sized(name, shown.replace(/(\[\])+$/, ''), modifier),
    };
  }
  return sized(nameOf(row.name, row.own, row.kind), shown, modifier);
};

const nameOf = (name: string, own: boolean, kind: string): string => {
  if (kind === 'e') return 'enum';
  if (kind === 'c' || name === 'record') return 'composite';
  return own || name === 'citext' ? name : 'extension';
};

/** https://www.postgresql.org/docs/current/catalog-pg-attribute.html: precision and scale are packed into the modifier, 4 bytes of header added. */
const sized = (name: string, shown: string, modifier: number): ServerType => {
  const packed = name === 'numeric' && modifier >= 4 ? modifier - 4 : null;
  const scale = packed === null ? null : ((packed & 0x7ff) ^ 1024) - 1024;
  return { name, shown, precision: packed === null ? null : packed >> 16, scale, element: null };
};

/** The expressions of the declared columns, in their order; a ValidationError with everything that does not match. */
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
