import { PermanentError } from '../../contract/errors.ts';
import { nearestName } from '../../diagnostics/did-you-mean.ts';
import type { Statements } from '../statements.ts';
import { type ParsedQuery, readSql, type SqlProblem, type SqlTable } from './read-sql.ts';
import { foldName } from './sql-position.ts';

/** A dataset by its name in SQL: "step"."dataset". */
export interface DatasetName {
  readonly step: string;
  readonly dataset: string;
}

export interface UserSql {
  /** The query's name in errors: the .sql file, or the result that it makes. */
  readonly name: string;
  readonly text: string;
  /** True if NaN or an infinity in a DOUBLE column of the result is an error. */
  readonly finite?: boolean;
}

/** A query that may run: one SELECT that reads only the datasets listed here. Only guardSql makes it. */
export interface GuardedSql extends UserSql {
  /** The allowed datasets that the query names, each once. */
  readonly tables: readonly DatasetName[];
  /** The names of the query's parameters, without "$". */
  readonly parameters: readonly string[];
  /** @internal that it went through the guard */
  readonly [guarded]: true;
}

const guarded = Symbol('guarded');

const render = ({ step, dataset }: DatasetName): string => `"${step}"."${dataset}"`;

const find = ({ path }: SqlTable, allowed: readonly DatasetName[]): DatasetName | undefined => {
  const [step, dataset] = path.map(foldName);
  return path.length === 2
    ? allowed.find((one) => foldName(one.step) === step && foldName(one.dataset) === dataset)
    : undefined;
};

/** Returns the problems with the tables that a query names, each with its place and the nearest allowed name. */
const tableProblems = ({ tables }: ParsedQuery, allowed: readonly DatasetName[]): SqlProblem[] =>
  tables
    .filter((table) => find(table, allowed) === undefined)
    .map((table) => ({ line: table.line, column: table.column, message: noSuchTable(table, allowed) }));

const noSuchTable = ({ path }: SqlTable, allowed: readonly DatasetName[]): string => {
  const written = path.map((part) => `"${part}"`).join('.');
  if (allowed.length === 0) return `there is no dataset ${written}: the step has no upstream datasets`;
  const last = foldName(path.at(-1) ?? '');
  const same = path.length === 1 ? allowed.filter(({ dataset }) => foldName(dataset) === last).map(render) : [];
  const nearest = same.length > 0 ? same.join(' or ') : nearestName(written, allowed.map(render));
  const hint = nearest === null ? '' : `; did you mean ${nearest}?`;
  return `there is no dataset ${written}; a query can read ${listed(allowed)}${hint}`;
};

const listed = (allowed: readonly DatasetName[], most = 12): string => {
  const rest = allowed.length - most;
  return `${allowed.slice(0, most).map(render).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
};

/** Accepts a query that reads only the allowed datasets. Otherwise throws a PermanentError with every problem, its line and column. */
export async function guardSql(
  session: Statements,
  sql: UserSql,
  allowed: readonly DatasetName[],
): Promise<GuardedSql> {
  const parsed = await readSql(session, sql.text);
  const problems = [...parsed.problems, ...tableProblems(parsed, allowed)];
  if (problems.length > 0) {
    const lines = problems.map(({ line, column, message }) => `\n- line ${line}, column ${column}: ${message}`);
    throw new PermanentError(`the query "${sql.name}" cannot run:${lines.join('')}`);
  }
  const tables = new Set(parsed.tables.flatMap((table) => find(table, allowed) ?? []));
  const parameters = parsed.parameters.map(({ name }) => name);
  return {
    name: sql.name,
    text: parsed.text,
    finite: sql.finite ?? false,
    tables: [...tables],
    parameters,
    [guarded]: true,
  };
}
