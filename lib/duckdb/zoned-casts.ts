import type { Edit } from './edited-text.ts';
import { foldName, indexOfByte } from './guard/sql-place.ts';
import type { Statements } from './statements.ts';

type Node = Readonly<Record<string, unknown>>;

const reference = /(?:"[^"]*"|[A-Za-z_]\w*)(?:\s*\.\s*(?:"[^"]*"|[A-Za-z_]\w*))*/y;

/**
 * Returns the edits that give a query with each cast of a text column to TIMESTAMP or DATE through TIMESTAMPTZ. DuckDB would drop the offset of a text such as
 * 2026-01-31T12:00:00+02:00. The session and a dataset's moments are in UTC. Texts without an offset keep their meaning. Only casts of columns change.
 */
export async function zonedCasts(session: Statements, text: string): Promise<Edit[]> {
  if (!/\b(?:timestamp|datetime|date)\b/i.test(text)) return [];
  const tree = 'json_serialize_sql($text::VARCHAR, skip_null := true, skip_empty := true, skip_default := true)';
  const [row] = await session.all(`SELECT ${tree}::VARCHAR AS tree`, { values: { text } });
  const casts = castsOfColumns(JSON.parse(String(row?.tree)));
  if (casts.length === 0) return [];
  const texts = await textColumns(session);
  return casts.filter(({ column }) => texts.has(foldName(column))).flatMap((cast) => editOf(text, cast) ?? []);
}

interface ColumnCast {
  readonly column: string;
  /** The byte of the reference to the column. */
  readonly byte: number;
  readonly isTry: boolean;
}

function castsOfColumns(tree: unknown): ColumnCast[] {
  const found: ColumnCast[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    const node = value as Node;
    const child = node.child as Node | undefined;
    const target = (node.cast_type as Node | undefined)?.id;
    const names = child?.column_names as readonly string[] | undefined;
    if (
      node.class === 'CAST' &&
      (target === 'TIMESTAMP' || target === 'DATE') &&
      child?.class === 'COLUMN_REF' &&
      typeof child.query_location === 'number'
    )
      found.push({ column: names?.at(-1) ?? '', byte: child.query_location, isTry: node.try_cast === true });
    for (const inner of Object.values(node)) visit(inner);
  };
  visit(tree);
  return found;
}

/** Returns the names that a text column has in at least one dataset. Other types need no detour through TIMESTAMPTZ, which would cost time. */
async function textColumns(session: Statements): Promise<ReadonlySet<string>> {
  const rows = await session.all(
    `SELECT lower(column_name) AS name FROM duckdb_columns() WHERE database_name = current_database() GROUP BY 1 HAVING bool_or(data_type = 'VARCHAR')`,
  );
  return new Set(rows.map(({ name }) => String(name)));
}

function editOf(text: string, { column, byte, isTry }: ColumnCast): Edit | null {
  const at = indexOfByte(text, byte);
  reference.lastIndex = at;
  const found = reference.exec(text)?.[0];
  const last = found?.split('.').at(-1)?.trim().replace(/^"|"$/g, '');
  if (found === undefined || foldName(last ?? '') !== foldName(column)) return null;
  const end = at + found.length;
  return { at, end, text: `${isTry ? 'TRY_CAST' : 'CAST'}(${found} AS TIMESTAMPTZ)` };
}
