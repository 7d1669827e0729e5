import type { Column } from '../../columns/column-type.ts';
import { storedColumns } from '../../columns/stored-type.ts';
import type { QueryLineage } from '../../contract/lineage/column-lineage.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { DiagnosticCode } from '../../diagnostics/diagnostic-codes.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { ParsedQuery } from '../../duckdb/guard/read-sql.ts';
import type { SqlPosition } from '../../duckdb/guard/sql-position.ts';
import { type FoundTable, findTable, type TableScope } from './find-table.ts';
import type { Probe } from './probe.ts';
import type { Description, Doubt, ProbeParameter, ProbeTable, Stopped } from './probe-messages.ts';
import type { QuerySource } from './read-queries.ts';
import { endOfWord, firstWord, indexAt } from './text-positions.ts';

export interface QueryCheck {
  readonly found: readonly Diagnostic[];
  /** Names of the parameters that the query uses, in lower case; null when it could not be read. */
  readonly parameters: readonly string[] | null;
  /** Null if they are unknown: after a mistake, or if only a run knows the columns of a table. */
  readonly columns: readonly Column[] | null;
  /** Null after a mistake, or if not even the names of all columns that it reads are known. */
  readonly lineage: QueryLineage | null;
}

export interface QueryContext {
  readonly probe: Probe;
  readonly scope: TableScope;
  /** Of the step, by name. */
  readonly parameters: Readonly<Record<string, ProbeParameter>>;
}

/** Checks one query: its syntax, its tables and parameters, and, if the tables' columns are known, its result. */
export async function checkQuery(source: QuerySource, context: QueryContext): Promise<QueryCheck> {
  const check = new QueryChecker(source, context);
  const parsed = await context.probe.read(source.text);
  if ('stopped' in parsed) return check.stopped(parsed, null);
  const tables = check.names(parsed);
  const readable = !parsed.problems.some(({ syntax }) => syntax);
  const parameters = readable ? parsed.parameters.map(({ name }) => name.toLowerCase()) : null;
  const sound = parsed.problems.length === 0 && tables.length === parsed.tables.length;
  if (sound) {
    const some = knownTables(tables, context.scope);
    const doubts = await context.probe.doubts({ text: parsed.text, tables: some, parameters: context.parameters });
    if ('stopped' in doubts) return check.stopped(doubts, parameters);
    check.doubts(doubts);
  }
  const known = sound ? allTables(tables, context.scope) : null;
  const follow = (result: readonly string[] | null) =>
    sound ? lineageOf({ text: parsed.text, tables, result }, context) : null;
  if (known === null) return { found: check.found, parameters, columns: null, lineage: await follow(null) };

  const question = { text: parsed.text, tables: known, parameters: context.parameters };
  const description = await context.probe.describe(question);
  if ('stopped' in description) return check.stopped(description, parameters);
  const columns = check.columns(description);
  const lineage = description.problems.length === 0 ? await follow(description.names) : null;
  return { found: check.found, parameters, columns, lineage };
}

class QueryChecker {
  readonly #source: QuerySource;
  readonly #context: QueryContext;
  readonly found: Diagnostic[] = [];

  constructor(source: QuerySource, context: QueryContext) {
    this.#source = source;
    this.#context = context;
  }

  /** Reports forbidden operations and unknown names; returns the tables that the query may read. */
  names(parsed: ParsedQuery): FoundTable[] {
    for (const problem of parsed.problems)
      this.#sayAt(problem.syntax ? 'SQL_SYNTAX' : 'SQL_NOT_ALLOWED', problem, problem.message);
    const given = Object.keys(this.#context.parameters);
    for (const parameter of parsed.parameters) {
      // By number: that has been refused.
      if (/^\d/.test(parameter.name) || given.some((name) => name.toLowerCase() === parameter.name.toLowerCase()))
        continue;
      const hint = didYouMean(parameter.name, given) || '; add it to "params"';
      this.#sayAt('UNKNOWN_PARAMETER', parameter, `"params" has no parameter "${parameter.name}"${hint}`);
    }
    return parsed.tables.flatMap((table) => {
      const found = findTable(table.path, this.#context.scope);
      if ('step' in found) return [found];
      this.#sayAt(found.code, table, found.message);
      return [];
    });
  }

  /** Reports the problems of DuckDB's plan; returns the columns in their stored types, or null. */
  columns({ problems, columns: described }: Description): readonly Column[] | null {
    for (const { kind, message, start, end } of problems) {
      const code = kind === 'column' ? 'UNKNOWN_COLUMN' : 'BAD_QUERY';
      if (start === null || end === null) this.#sayOfAll(code, message);
      else this.#say(code, { start, end }, message);
    }
    if (described === null) return null;
    const { columns, problems: unstorable } = storedColumns(described);
    for (const problem of unstorable) this.#sayOfAll('BAD_RESULT_COLUMN', problem);
    return unstorable.length > 0 ? null : columns;
  }

  /** Warns of expressions that DuckDB probably does not compute as meant. */
  doubts(doubts: readonly Doubt[]): void {
    for (const { kind, message, start } of doubts)
      this.#say(
        kind === 'cast' ? 'LOSSY_CAST' : 'DIVISION_BY_ZERO',
        { start, end: endOfWord(this.#source.text, start) },
        message,
      );
  }

  stopped({ stopped }: Stopped, parameters: QueryCheck['parameters']): QueryCheck {
    this.#sayOfAll('SQL_CHECK_STOPPED', `DuckDB cannot plan this query: ${stopped}; write it as several smaller ones`);
    return { found: this.found, parameters, columns: null, lineage: null };
  }

  #say(code: DiagnosticCode, { start, end }: { readonly start: number; readonly end: number }, message: string): void {
    this.found.push(makeDiagnostic(code, this.#source.place(start, end), message));
  }

  #sayAt(code: DiagnosticCode, place: SqlPosition, message: string): void {
    const start = indexAt(this.#source.text, place);
    this.#say(code, { start, end: endOfWord(this.#source.text, start) }, message);
  }

  /** About the query as a whole: at its first word. */
  #sayOfAll(code: DiagnosticCode, message: string): void {
    this.#say(code, firstWord(this.#source.text), message);
  }
}

/** The tables whose columns are known, with these. */
const knownTables = (tables: readonly FoundTable[], { known }: TableScope): ProbeTable[] =>
  tables.flatMap(({ step, dataset }) => {
    const columns = known.columns(step, dataset);
    return columns === null ? [] : [{ step, dataset, columns }];
  });

/** The same; null when the columns of one are not known. */
const allTables = (tables: readonly FoundTable[], scope: TableScope): ProbeTable[] | null => {
  const known = knownTables(tables, scope);
  return known.length === tables.length ? known : null;
};

interface Followed {
  readonly text: string;
  readonly tables: readonly FoundTable[];
  readonly result: readonly string[] | null;
}

/** The query's lineage; null if the columns of one of its tables are not known. */
const lineageOf = async (
  { text, tables, result }: Followed,
  { scope, probe }: QueryContext,
): Promise<QueryLineage | null> => {
  const named = tables.flatMap(({ step, dataset }) => {
    const columns = scope.known.columnNames(step, dataset);
    return columns === null ? [] : [{ step, dataset, columns }];
  });
  if (named.length < tables.length) return null;
  const lineage = await probe.lineage({ text, tables: named, result });
  return 'stopped' in lineage ? null : lineage;
};
