import type { DuckDBConnection, DuckDBPreparedStatement, DuckDBValue } from '@duckdb/node-api';
import type { DescribedColumn } from '../../columns/stored-type.ts';
import { loadDuckDB } from '../../duckdb/load-duckdb.ts';
import { quoteName } from '../../duckdb/quote.ts';
import { bindProblem } from './bind-problem.ts';
import { EditedText } from './edited-text.ts';
import type { BindProblem, DescribeQuestion, Description, ProbeParameter, ProbeTable } from './probe-messages.ts';

/** Further problems usually follow from the first ones. */
const mostProblems = 20;

let described = 0;

/** Plans a query over empty tables with these columns. Returns the columns of its result, or all problems with its columns. Does not run it. */
export async function describeQuery(
  connection: DuckDBConnection,
  { text, tables, parameters }: DescribeQuestion,
): Promise<Description> {
  described += 1;
  const database = quoteName(`daybreak check ${described}`);
  await connection.run(`ATTACH ':memory:' AS ${database}`);
  await connection.run(`USE ${database}`);
  try {
    for (const table of tables) await makeTable(connection, table);
    const plan = await planQuery(connection, text);
    if ('problems' in plan) return { problems: plan.problems, columns: null, names: null };
    const { statement } = plan;
    const columns = await columnsOf(connection, statement, { text, parameters });
    const names = Array.from({ length: statement.columnCount }, (_, index) => statement.columnName(index));
    // DuckDB's answer where the types depend on parameters that have none yet.
    const isOpen = names.length === 1 && names[0] === 'unknown';
    return { problems: [], columns, names: columns?.map(({ name }) => name) ?? (isOpen ? null : names) };
  } finally {
    await connection.run('USE memory');
    await connection.run(`DETACH ${database}`);
  }
}

const makeTable = async (connection: DuckDBConnection, { step, dataset, columns }: ProbeTable): Promise<void> => {
  const written = Object.entries(columns).map(([name, type]) => `${quoteName(name)} ${type}`);
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${quoteName(step)}`);
  await connection.run(`CREATE OR REPLACE TABLE ${quoteName(step)}.${quoteName(dataset)} (${written.join(', ')})`);
};

type Planned = { readonly statement: DuckDBPreparedStatement } | { readonly problems: readonly BindProblem[] };

/** DuckDB stops at the first problem. To find the next, this replaces each unknown column by NULL and asks again. */
const planQuery = async (connection: DuckDBConnection, text: string): Promise<Planned> => {
  const problems: BindProblem[] = [];
  const edited = new EditedText(text);
  for (;;) {
    try {
      const statement = await connection.prepare(edited.text);
      return problems.length === 0 ? { statement } : { problems };
    } catch (error) {
      const problem = bindProblem(error, edited);
      const { kind, start, end } = problem;
      // The NULL may cause a later problem of another kind, so that is not reported.
      if (problems.length === 0 || kind === 'column') problems.push(problem);
      if (kind !== 'column' || start === null || end === null || problems.length >= mostProblems) return { problems };
      edited.replace(start, end, 'NULL');
    }
  }
};

interface Parameters {
  readonly text: string;
  readonly parameters: DescribeQuestion['parameters'];
}

/** As a run will have them: with parameters of their types, where these are known. */
const columnsOf = async (
  connection: DuckDBConnection,
  statement: DuckDBPreparedStatement,
  { text, parameters }: Parameters,
): Promise<readonly DescribedColumn[] | null> => {
  const names = Array.from({ length: statement.parameterCount }, (_, index) => statement.parameterName(index + 1));
  const given = new Map(Object.entries(parameters).map(([name, parameter]) => [name.toLowerCase(), parameter]));
  const values = names.map((name, index) => {
    const wanted = loadDuckDB().DuckDBTypeId[statement.parameterTypeId(index + 1)] ?? '';
    return [name, sampleOf(given.get(name.toLowerCase()), wanted)] as const;
  });
  if (values.some(([, value]) => value === undefined)) return null;
  try {
    const samples = Object.fromEntries(values.map(([name, sample]) => [name, sample?.value ?? null]));
    const types = Object.fromEntries(values.flatMap(([name, sample]) => (sample ? [[name, sample.type]] : [])));
    const result = await connection.runAndReadAll(`DESCRIBE\n${text}`, samples, types);
    return result.getRowObjectsJS().map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
  } catch {
    // The query may not accept the sample value; its result for other values is then unknown.
    return null;
  }
};

/** A value of the parameter's type; undefined when the type is not known. */
const sampleOf = (parameter: ProbeParameter | undefined, wanted: string) => {
  const { VARCHAR, INTEGER, BIGINT, DOUBLE, BOOLEAN, SQLNULL } = loadDuckDB();
  const value = parameter?.value;
  const typed = (
    sample: DuckDBValue,
    type: typeof VARCHAR | typeof INTEGER | typeof BIGINT | typeof DOUBLE | typeof BOOLEAN | typeof SQLNULL,
  ) => ({ value: sample, type });
  if (value === null) return typed(null, SQLNULL);
  switch (parameter?.type) {
    case 'VARCHAR':
      return typed(value ?? sampleText(wanted), VARCHAR);
    case 'INTEGER':
      return typed(value ?? 1, INTEGER);
    case 'BIGINT':
      return typed(BigInt(Number(value ?? 1)), BIGINT);
    case 'DOUBLE':
      return typed(value ?? 1.5, DOUBLE);
    case 'BOOLEAN':
      return typed(value ?? true, BOOLEAN);
    default:
      return undefined;
  }
};

/** Text that becomes a value of the type that the query wants there. */
const sampleText = (wanted: string): string => {
  if (/^(DATE|TIMESTAMP)/.test(wanted)) return '2000-01-01';
  if (/^TIME/.test(wanted)) return '00:00:00';
  return /INT|DECIMAL|FLOAT|DOUBLE/.test(wanted) ? '1' : '';
};
