import type { Edit } from './edited-text.ts';
import { foldName, indexOfByte } from './guard/sql-position.ts';
import type { Statements } from './statements.ts';
import { castEdits, literalEdits } from './zoned-edits.ts';

type Node = Readonly<Record<string, unknown>>;

/**
 * Returns the edits that give a query with each cast of a text to TIMESTAMP or DATE through TIMESTAMPTZ, and each text with an offset that is compared with a moment as a
 * TIMESTAMPTZ. DuckDB would drop the offset of a text such as 2026-01-31T12:00:00+02:00. The session and a dataset's moments are in UTC. Texts without an
 * offset keep their meaning.
 */
export async function zonedCasts(session: Statements, text: string): Promise<Edit[]> {
  if (!/\b(?:timestamp|datetime|date)\b/i.test(text) && !zonedText.test(text)) return [];
  const tree = 'json_serialize_sql($text::VARCHAR, skip_null := true, skip_empty := true, skip_default := true)';
  const [row] = await session.all(`SELECT ${tree}::VARCHAR AS tree`, { values: { text } });
  const nodes = nodesOf(JSON.parse(String(row?.tree))).filter((node) => isCast(node) || isComparison(node));
  if (nodes.length === 0) return [];
  const columns = await columnTypes(session);
  return nodes.flatMap((node) => (isCast(node) ? ofCast(node, text, columns) : ofComparison(node, text, columns)));
}

/** A text with an offset from UTC other than none. */
const zonedText = /\d[T ]\d\d:\d\d[^']*[+-]\d\d(?::?\d\d)?\s*(?='|$)/;

function nodesOf(value: unknown): Node[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(nodesOf);
  return Array.isArray(value) ? inner : [value as Node, ...inner];
}

const targetOf = (node: Node): unknown => (node.cast_type as Node | undefined)?.id;
const isCast = (node: Node): boolean => node.class === 'CAST' && ['TIMESTAMP', 'DATE'].includes(String(targetOf(node)));
const isComparison = (node: Node): boolean =>
  node.class === 'COMPARISON' || node.class === 'BETWEEN' || /^COMPARE_(?:NOT_)?IN$/.test(String(node.type));

/** The types that columns of each name have in datasets. */
type Columns = ReadonlyMap<string, ReadonlySet<string>>;

async function columnTypes(session: Statements): Promise<Columns> {
  const rows = await session.all(
    'SELECT DISTINCT lower(column_name) AS name, data_type AS type FROM duckdb_columns() WHERE database_name = current_database()',
  );
  const types = new Map<string, Set<string>>();
  for (const { name, type } of rows) types.set(String(name), (types.get(String(name)) ?? new Set()).add(String(type)));
  return types;
}

function ofCast({ child, query_location: byte }: Node, text: string, columns: Columns): Edit[] {
  const node = child as Node;
  if (node.class === 'CONSTANT') return isZoned(node) ? literalAt(node, text) : [];
  return typeof byte === 'number' && mayBeText(node, columns) ? castEdits(text, indexOfByte(text, byte)) : [];
}

function ofComparison(node: Node, text: string, columns: Columns): Edit[] {
  const sides = [node.left, node.right, node.input, node.lower, node.upper, ...((node.children as Node[]) ?? [])];
  const operands = sides.filter((side): side is Node => side !== undefined);
  if (!operands.some((side) => isMoment(side, columns))) return [];
  return operands.filter(isZoned).flatMap((side) => literalAt(side, text));
}

function isZoned(node: Node): boolean {
  const { value } = (node.value ?? {}) as { value?: unknown };
  return node.class === 'CONSTANT' && typeof value === 'string' && zonedText.test(value);
}

const literalAt = ({ query_location: byte }: Node, text: string): Edit[] =>
  typeof byte === 'number' ? literalEdits(text, indexOfByte(text, byte)) : [];

/** Functions that give a moment or a day. */
const ofMoments = new Set(
  'date_trunc date_add date_sub strptime try_strptime to_timestamp make_timestamp make_date epoch_ms time_bucket timezone now today current_date get_current_timestamp last_day generate_series range'.split(
    ' ',
  ),
);

/** Functions that give one of their arguments. */
const ofArguments = new Set(
  'min max first last any_value arg_min arg_max coalesce ifnull nullif greatest least lag lead first_value last_value + -'.split(
    ' ',
  ),
);

const typesOf = ({ column_names: names }: Node, columns: Columns): ReadonlySet<string> | undefined =>
  columns.get(foldName((names as string[] | undefined)?.at(-1) ?? ''));

const argumentsOf = ({ children }: Node): readonly Node[] => (children as Node[] | undefined) ?? [];

/** False if an expression is certain to be no text; a detour through TIMESTAMPTZ costs time. A name that no dataset has is one that the query gives. */
function mayBeText(node: Node, columns: Columns): boolean {
  if (node.class === 'COLUMN_REF') return typesOf(node, columns)?.has('VARCHAR') ?? true;
  if (node.class === 'CAST') return /^(?:VARCHAR|JSON)$/.test(String(targetOf(node)));
  if (node.class === 'PARAMETER') return false;
  const name = String(node.function_name);
  if (ofMoments.has(name)) return false;
  return ofArguments.has(name) ? argumentsOf(node).some((one) => mayBeText(one, columns)) : true;
}

/** True if an expression is certain to be a moment or a day. */
function isMoment(node: Node, columns: Columns): boolean {
  if (isCast(node)) return true;
  if (node.class === 'COLUMN_REF') {
    const types = typesOf(node, columns);
    return types !== undefined && [...types].every((type) => type === 'TIMESTAMP' || type === 'DATE');
  }
  const name = String(node.function_name);
  if (ofMoments.has(name)) return !['timezone', 'range', 'generate_series'].includes(name);
  return ofArguments.has(name) && argumentsOf(node).length > 0 && isMoment(argumentsOf(node)[0] as Node, columns);
}
