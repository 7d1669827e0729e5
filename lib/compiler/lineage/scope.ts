import { foldName } from '../../duckdb/guard/sql-position.ts';
import { allOf, made, noSources, type Sources, unknownSources } from './sources.ts';

export interface NamedColumn {
  /** Null: an expression without an alias, whose name only DuckDB knows. */
  readonly name: string | null;
  readonly sources: Sources;
}

/** The result of a query, or of a part of its FROM. */
export interface Table {
  readonly columns: readonly NamedColumn[];
  /** Inputs that decide which rows there are, and in which order. */
  readonly rows: Sources;
  /** The datasets whose rows it has, as inputs without a column. */
  readonly counted: Sources;
}

/** A table of FROM under its name. */
export interface Relation {
  readonly alias: string;
  /** The name of the step; null for all that is no dataset. */
  readonly schema: string | null;
  readonly columns: readonly NamedColumn[];
}

/** All tables of one FROM. */
export interface From extends Table {
  readonly relations: readonly Relation[];
  /** Columns that USING made one of two, by folded name. */
  readonly merged: ReadonlyMap<string, Sources>;
}

/** The names that an expression may use, from the inside out. */
export interface Scope {
  readonly relations: readonly Relation[];
  readonly merged: ReadonlyMap<string, Sources>;
  /** For `#1`. */
  readonly columns: readonly NamedColumn[];
  /** The datasets whose rows the query counts. */
  readonly counted: Sources;
  /** Names of the select list so far, folded: a column of a table comes first. */
  readonly aliases: ReadonlyMap<string, Sources>;
  readonly outer: Scope | null;
}

export const noNames: Scope = {
  relations: [],
  merged: new Map(),
  columns: [],
  counted: noSources,
  aliases: new Map(),
  outer: null,
};

/** The sources of a name with its qualifiers. DuckDB has found the query valid, so a name that is not found here is beyond this reader: unknown. */
export function lookUp(names: readonly string[], scope: Scope): Sources {
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    const found = inTables(names, at) ?? inAliases(names, at);
    if (found !== null) return found;
  }
  return unknownSources(`the name ${names.join('.')} was not found`);
}

function inTables(names: readonly string[], scope: Scope): Sources | null {
  const [first = '', second, third] = names;
  if (second !== undefined && third !== undefined) {
    const columns = tablesNamed(second, scope).filter(({ schema }) => schema !== null && isSameName(schema, first));
    const found = columnIn(third, columns);
    if (found) return fieldOf(found, names.length > 3);
  }
  if (second !== undefined) {
    const found = columnIn(second, tablesNamed(first, scope));
    if (found) return fieldOf(found, names.length > 2);
  }
  const own = scope.merged.get(foldName(first)) ?? columnIn(first, scope.relations);
  if (own) return fieldOf(own, names.length > 1);
  const [table] = tablesNamed(first, scope);
  return table && names.length === 1
    ? made(allOf(...table.columns.map(({ sources }) => sources)), 'transformation')
    : null;
}

function inAliases([first = '', ...fields]: readonly string[], { aliases }: Scope): Sources | null {
  const found = aliases.get(foldName(first));
  return found ? fieldOf(found, fields.length > 0) : null;
}

const fieldOf = (sources: Sources, isField: boolean): Sources => (isField ? made(sources, 'transformation') : sources);

const isSameName = (a: string, b: string): boolean => foldName(a) === foldName(b);

const tablesNamed = (name: string, { relations }: Scope): Relation[] =>
  relations.filter(({ alias }) => isSameName(alias, name));

function columnIn(name: string, relations: readonly Relation[]): Sources | null {
  const found = relations.flatMap(({ columns }) =>
    columns.filter((one) => one.name !== null && isSameName(one.name, name)),
  );
  const [first] = found;
  if (!first) return null;
  return found.length === 1 ? first.sources : unknownSources(`the name ${name} stands for several columns`);
}
