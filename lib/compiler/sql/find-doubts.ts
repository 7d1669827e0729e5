import { foldName, indexOfByte } from '../../duckdb/guard/sql-position.ts';
import type { Doubt, DoubtQuestion } from './probe-messages.ts';

type Node = Readonly<Record<string, unknown>>;

/**
 * The expressions that DuckDB computes without an error, but probably not as meant: casts whose texts may have no offset or lose digits, and divisions whose divisor can
 * be zero. Takes the tree of `json_serialize_sql`.
 */
export function findDoubts(tree: unknown, question: DoubtQuestion): Doubt[] {
  const doubts: Doubt[] = [];
  const visit = (value: unknown, isGuarded: boolean): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, isGuarded);
    if (!isNode(value)) return;
    const message = doubtOf(value, question, isGuarded);
    if (message !== null && typeof value.query_location === 'number')
      doubts.push({ ...message, start: indexOfByte(question.text, value.query_location) });
    // The branches of a CASE stand behind its conditions.
    const inside = isGuarded || value.class === 'CASE';
    for (const child of Object.values(value)) visit(child, inside);
  };
  visit(tree, false);
  return doubts;
}

function doubtOf(node: Node, question: DoubtQuestion, isGuarded: boolean): Omit<Doubt, 'start'> | null {
  if (node.class === 'CAST') {
    const target = isNode(node.cast_type) ? node.cast_type.id : null;
    if (target === 'TIMESTAMP') return timeDoubt(node.child, question);
    return target === 'DECIMAL' ? decimalDoubt(node.child) : null;
  }
  const [, divisor] = node.class === 'FUNCTION' && node.function_name === '/' ? (node.children as unknown[]) : [];
  if (divisor === undefined || isGuarded || isNeverZero(divisor)) return null;
  const message =
    'a division by zero gives Infinity, or NaN for 0 / 0, and no error; write nullif(..., 0) for the divisor to get NULL, or a CASE';
  return { kind: 'division', message };
}

/** A constant or a count; `nullif` has been written for it. */
function isNeverZero(divisor: unknown): boolean {
  if (!isNode(divisor)) return true;
  if (divisor.class === 'CAST') return isNeverZero(divisor.child);
  if (divisor.class === 'CONSTANT') return isNode(divisor.value) && Number(divisor.value.value) !== 0;
  return divisor.class === 'FUNCTION' && ['nullif', 'count', 'count_star'].includes(String(divisor.function_name));
}

const offset = /\d[T ]\d\d:\d\d.*[+-]\d\d(:?\d\d)?\s*$/;

function timeDoubt(child: unknown, { tables, parameters }: DoubtQuestion): Omit<Doubt, 'start'> | null {
  const message = (what: string) => ({
    kind: 'cast' as const,
    message: `${what} becomes a moment in UTC: an offset such as +02:00 counts, and a text without one is taken for UTC; write CAST(... AS TIMESTAMPTZ) if that is meant`,
  });
  if (!isNode(child)) return null;
  if (child.class === 'CONSTANT')
    return isNode(child.value) && offset.test(String(child.value.value)) ? message('this text') : null;
  if (child.class === 'PARAMETER') {
    const name = String(child.identifier);
    const parameter = Object.entries(parameters).find(([given]) => foldName(given) === foldName(name))?.[1];
    const isText = parameter?.type === 'VARCHAR' && parameter.value === undefined && parameter.format === null;
    return isText ? message(`the text of $${name}`) : null;
  }
  const name = child.class === 'COLUMN_REF' ? (child.column_names as string[]).at(-1) : undefined;
  if (name === undefined) return null;
  const types = tables.flatMap(({ columns }) =>
    Object.entries(columns).flatMap(([column, type]) => (foldName(column) === foldName(name) ? [type] : [])),
  );
  return types.length > 0 && types.every((type) => type === 'VARCHAR') ? message(`the text of "${name}"`) : null;
}

const jsonFunctions = [
  '->',
  '->>',
  'json_extract',
  'json_extract_path',
  'json_extract_string',
  'json_extract_path_text',
  'json_value',
];

function decimalDoubt(child: unknown): Omit<Doubt, 'start'> | null {
  const isJson =
    isNode(child) &&
    (child.class === 'LAMBDA' || (child.class === 'FUNCTION' && jsonFunctions.includes(String(child.function_name))));
  if (!isJson) return null;
  const message =
    'a number in JSON passes through DOUBLE, which holds about 15 digits, before it becomes a DECIMAL; write it as text in the JSON, or store it as DECIMAL upstream';
  return { kind: 'cast', message };
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
