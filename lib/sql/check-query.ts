import type { Column } from '../data/column-type.ts';
import { storedColumns } from '../data/stored-type.ts';
import type { SqlProblem } from '../duckdb/read-sql.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import type { DiagnosticCode } from '../source/diagnostic-codes.ts';
import { didYouMean } from '../source/did-you-mean.ts';
import { makeDiagnostic } from '../source/make-diagnostic.ts';
import { type FoundTable, findTable, type TableScope } from './find-table.ts';
import type { Probe } from './probe.ts';
import type { ProbeParameter, ProbeTable } from './probe-messages.ts';
import type { QuerySource } from './read-queries.ts';
import { endOfWord, firstWord, indexAt } from './text-places.ts';

export interface QueryCheck {
  readonly found: readonly Diagnostic[];
  /** Names of the parameters that the query uses, in lower case; null when it could not be read. */
  readonly parameters: readonly string[] | null;
  /** Null when they are not known: for a mistake, or for a table whose columns only a run will tell. */
  readonly columns: readonly Column[] | null;
}

export interface QueryContext {
  readonly probe: Probe;
  readonly scope: TableScope;
  /** Of the step, by name. */
  readonly parameters: Readonly<Record<string, ProbeParameter>>;
}

/** Checks one query: what it says, the tables and parameters that it names, and, where the tables' columns are known, what it makes of them. */
export const checkQuery = async (source: QuerySource, context: QueryContext): Promise<QueryCheck> => {
  const { text } = source;
  const found: Diagnostic[] = [];
  const say = (code: DiagnosticCode, start: number, end: number, message: string): void => {
    found.push(makeDiagnostic(code, source.place(start, end), message));
  };
  const sayOfAll = (code: DiagnosticCode, message: string): void => {
    const { start, end } = firstWord(text);
    say(code, start, end, message);
  };
  const stopped = (parameters: readonly string[] | null): QueryCheck => {
    sayOfAll(
      'SQL_CHECK_STOPPED',
      'DuckDB could not plan this query within 10 seconds and 1 GB of memory, so it would not run well either; write it as several smaller ones',
    );
    return { found, parameters, columns: null };
  };

  const reading = await context.probe.read(text);
  if (reading === null) return stopped(null);
  for (const problem of reading.problems) {
    const start = indexAt(text, problem);
    say(codeOf(problem), start, endOfWord(text, start), problem.message);
  }
  const tables: FoundTable[] = [];
  for (const table of reading.tables) {
    const start = indexAt(text, table);
    const dataset = findTable(table.path, context.scope);
    if ('step' in dataset) tables.push(dataset);
    else say(dataset.code, start, endOfWord(text, start), dataset.message);
  }
  const given = Object.keys(context.parameters);
  for (const parameter of reading.parameters) {
    // By number: that has been refused.
    if (/^\d/.test(parameter.name) || given.some((name) => name.toLowerCase() === parameter.name.toLowerCase()))
      continue;
    const start = indexAt(text, parameter);
    const hint = didYouMean(parameter.name, given) || '; add it to "params"';
    say('UNKNOWN_PARAMETER', start, endOfWord(text, start), `"params" has no parameter "${parameter.name}"${hint}`);
  }
  const parameters = reading.problems.some(({ syntax }) => syntax)
    ? null
    : reading.parameters.map(({ name }) => name.toLowerCase());
  const sound = reading.problems.length === 0 && tables.length === reading.tables.length;
  const known = sound ? knownTables(tables, context.scope) : null;
  if (known === null) return { found, parameters, columns: null };

  const description = await context.probe.describe({
    text: reading.text,
    tables: known,
    parameters: context.parameters,
  });
  if (description === null) return stopped(parameters);
  for (const { kind, message, start, end } of description.problems) {
    const code = kind === 'column' ? 'UNKNOWN_COLUMN' : 'BAD_QUERY';
    if (start === null || end === null) sayOfAll(code, message);
    else say(code, start, end, message);
  }
  if (description.columns === null) return { found, parameters, columns: null };
  const { columns, problems } = storedColumns(description.columns);
  for (const problem of problems) sayOfAll('BAD_RESULT_COLUMN', problem);
  return { found, parameters, columns: problems.length > 0 ? null : columns };
};

const codeOf = ({ syntax }: SqlProblem): DiagnosticCode => (syntax ? 'SQL_SYNTAX' : 'SQL_NOT_ALLOWED');

/** The tables with their columns; null when those of one are not known. */
const knownTables = (tables: readonly FoundTable[], { known }: TableScope): ProbeTable[] | null => {
  const made = tables.map(({ step, dataset }) => ({ step, dataset, columns: known.columns(step, dataset) }));
  return made.every((table): table is ProbeTable => table.columns !== null) ? made : null;
};
