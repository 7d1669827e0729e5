import type { Statements } from '../statements.ts';
import { scanSql } from './scan-sql.ts';
import { foldName, indexOfByte, indexOfCodePoint, positionAt, type SqlPosition } from './sql-position.ts';
import { walkSqlTree } from './walk-sql-tree.ts';

export interface SqlProblem extends SqlPosition {
  readonly message: string;
  /** True if the text is not SQL. */
  readonly syntax?: true;
}

/** A table that a query reads, by the parts of its name as written. A correct name is ["step", "dataset"]. */
export interface SqlTable extends SqlPosition {
  readonly path: readonly string[];
}

interface SqlParameter extends SqlPosition {
  /** Without the "$". */
  readonly name: string;
}

/** The parts of a query, before any check against the available datasets. */
export interface ParsedQuery {
  /** The statement, without a semicolon at its end. */
  readonly text: string;
  /** Every mention of a table, without the query's own WITH names. */
  readonly tables: readonly SqlTable[];
  /** Each parameter once, at its first position. */
  readonly parameters: readonly SqlParameter[];
  readonly problems: readonly SqlProblem[];
}

/** The answer of `json_serialize_sql`. */
interface Serialized {
  readonly error: boolean;
  readonly error_type?: string;
  readonly error_message?: string;
  readonly position?: string;
  readonly statements?: readonly { readonly node: unknown; readonly named_param_map?: readonly { key: string }[] }[];
}

const only = 'only one query can run: SELECT, WITH, VALUES, FROM or TABLE';

/** Parses a user's query, without running it. Returns the tables and parameters that it names, and all problems in the order of the text. */
export async function readSql(session: Statements, sql: string): Promise<ParsedQuery> {
  if (sql.includes('\0') || !sql.isWellFormed()) {
    return { text: '', tables: [], parameters: [], problems: [{ line: 1, column: 1, message: 'it is not a text' }] };
  }
  const { end, parameters } = scanSql(sql);
  // The text after a semicolon is parsed too, so that nothing is dropped silently.
  const whole = await serialize(session, sql);
  const text = sql.slice(0, end);
  const problem = wrongWhole(sql, whole);
  if (problem !== null) return { text, tables: [], parameters: [], problems: [problem] };
  // The checked text is exactly the text that runs.
  const { statements = [] } = end === sql.length ? whole : await serialize(session, text);
  const [statement] = statements;
  if (statement === undefined)
    return { text, tables: [], parameters: [], problems: [{ ...positionAt(sql, 0), message: only }] };

  const tree = walkSqlTree(statement.node);
  const at = (byte: number | null): SqlPosition => positionAt(text, byte === null ? 0 : indexOfByte(text, byte));
  const first = new Map(parameters.toReversed().map(({ name, index }) => [foldName(name), index]));
  const named = (statement.named_param_map ?? []).map(({ key }) => {
    const index = first.get(foldName(key));
    return { name: key, ...positionAt(text, index ?? 0), known: index !== undefined };
  });
  const problems = [
    ...tree.problems.map(({ message, byte }) => ({ ...at(byte), message })),
    ...named
      .filter(({ known }) => !known)
      .map(({ line, column }) => ({ line, column, message: 'parameters have names: write $name instead of ? and $1' })),
  ];
  return {
    text,
    tables: tree.tables.map(({ path, byte }) => ({ ...at(byte), path })),
    parameters: named.map(({ name, line, column }) => ({ name, line, column })).toSorted(inOrder),
    problems: problems.toSorted(inOrder),
  };
}

const inOrder = (a: SqlPosition, b: SqlPosition): number => a.line - b.line || a.column - b.column;

const serialize = async (session: Statements, text: string): Promise<Serialized> => {
  const tree = 'json_serialize_sql($text::VARCHAR, skip_null := true, skip_empty := true, skip_default := true)';
  const [row] = await session.all(`SELECT ${tree}::VARCHAR AS tree`, { values: { text } });
  try {
    return JSON.parse(String(row?.tree)) as Serialized;
  } catch {
    // DuckDB writes `Infinity`, which is not valid JSON.
    return { error: true, error_message: 'it holds a number that is larger than a DOUBLE can be' };
  }
};

/** Returns the problems that prevent reading the tree. */
const wrongWhole = (
  text: string,
  { error, error_type, error_message = '', position, statements }: Serialized,
): SqlProblem | null => {
  if (error) {
    const at = positionAt(text, indexOfCodePoint(text, Number(position ?? 0)));
    if (error_type === 'parser') return { ...at, message: error_message, syntax: true };
    if (error_message.startsWith('Only SELECT'))
      return { ...at, message: `${only}; a PIVOT has to list its values (IN ...)` };
    return {
      ...at,
      message: /named and positional/.test(error_message)
        ? 'parameters have names: write $name instead of ? and $1'
        : error_message,
    };
  }
  return statements?.length === 1
    ? null
    : { ...positionAt(text, 0), message: `${only}; this has ${statements?.length ?? 0} statements` };
};
