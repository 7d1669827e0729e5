import { foldName } from '../../duckdb/guard/sql-position.ts';
import { type ExpressionReader, readExpression } from './read-expression.ts';
import { type From, type NamedColumn, noNames, type Relation, type Scope, type Table } from './scope.ts';
import { allOf, deciding, made, noSources, type Sources } from './sources.ts';
import { type Node, nodeOf, nodesOf, textOf, textsOf } from './tree.ts';
import { UnknownLineage } from './unknown-lineage.ts';

export interface FromReader extends ExpressionReader {
  /** The table that a name in FROM stands for, and the step whose dataset it is. */
  table(node: Node): { readonly table: Table; readonly schema: string | null };
}

const nothing: From = {
  columns: [],
  rows: noSources,
  counted: noSources,
  relations: [],
  merged: new Map(),
};

/** The tables of a FROM. `outer`: the names around it; a table may also use those of the tables before it. */
export function readFrom(node: Node, outer: Scope, reader: FromReader): From {
  switch (node.type) {
    case undefined:
    case 'EMPTY':
      return nothing;
    case 'BASE_TABLE': {
      const { table, schema } = reader.table(node);
      return named(node, { ...table, alias: textOf(node.table_name), schema });
    }
    case 'SUBQUERY':
      return named(node, { ...reader.query(nodeOf(nodeOf(node.subquery).node), outer), alias: '', schema: null });
    case 'EXPRESSION_LIST':
      return named(node, { ...listed(node, outer, reader), alias: '', schema: null });
    case 'TABLE_FUNCTION':
      return named(node, { ...tableFunction(node, outer, reader), schema: null });
    case 'JOIN':
      return readJoin(node, outer, reader);
    default:
      throw new UnknownLineage(`a ${textOf(node.type)} is not followed`);
  }
}

/** A table under its alias, with the names that the query gives to its columns. */
function named(node: Node, { alias, schema, ...table }: Table & Pick<Relation, 'alias' | 'schema'>): From {
  const given = textsOf(node.column_name_alias);
  const columns = table.columns.map(({ name, sources }, index) => ({ name: given[index] ?? name, sources }));
  const relation = { alias: textOf(node.alias) || alias, schema, columns };
  return { ...table, columns, relations: [relation], merged: new Map() };
}

/** VALUES: each column comes from all rows. */
function listed(node: Node, outer: Scope, reader: FromReader): Table {
  const rows = Array.isArray(node.values) ? node.values.map(nodesOf) : [];
  const columns = (rows[0] ?? []).map((_, index) => ({
    name: `col${index}`,
    sources: allOf(...rows.map((row) => readExpression(nodeOf(row[index]), outer, reader))),
  }));
  return { columns, rows: noSources, counted: noSources };
}

const columnsOfFunction: ReadonlyMap<string, readonly string[]> = new Map([
  ['generate_series', ['generate_series']],
  ['json_each', ['key', 'value', 'type', 'atom', 'id', 'parent', 'fullkey', 'path']],
  ['json_tree', ['key', 'value', 'type', 'atom', 'id', 'parent', 'fullkey', 'path']],
  ['range', ['range']],
  ['unnest', ['unnest']],
]);

function tableFunction(node: Node, outer: Scope, reader: FromReader): Table & { readonly alias: string } {
  const call = nodeOf(node.function);
  const name = foldName(textOf(call.function_name));
  const names = columnsOfFunction.get(name);
  if (!names) throw new UnknownLineage(`the columns of ${name}() are not known`);
  const sources = made(
    allOf(...nodesOf(call.children).map((child) => readExpression(child, outer, reader))),
    'transformation',
  );
  const columns = names.map((column) => ({ name: column, sources }));
  return { alias: name, columns, rows: deciding(sources, 'join'), counted: noSources };
}

function readJoin(node: Node, outer: Scope, reader: FromReader): From {
  const left = readFrom(nodeOf(node.left), outer, reader);
  const right = readFrom(nodeOf(node.right), scopeOf(left, outer), reader);
  const kind = textOf(node.join_type);
  if (!joinKinds.has(kind) || !refKinds.has(textOf(node.ref_type)))
    throw new UnknownLineage(`a join of the kind ${kind} ${textOf(node.ref_type)} is not followed`);
  const using = node.ref_type === 'NATURAL' ? common(left, right) : textsOf(node.using_columns);
  const pairs = using.map((name) => ({ name, left: columnOf(left, name), right: columnOf(right, name) }));
  const hidden = new Set(using.map(foldName));
  const isHalf = kind === 'SEMI' || kind === 'ANTI';
  const both = scopeOf({ ...left, relations: [...left.relations, ...right.relations] }, outer);
  const decides = allOf(
    node.condition === undefined ? noSources : readExpression(nodeOf(node.condition), both, reader),
    ...pairs.flatMap((pair) => [pair.left, pair.right]),
  );
  const merged = pairs.map((pair) => [foldName(pair.name), mergedSources(kind, pair)] as const);
  const byName = new Map([...left.merged, ...(isHalf ? [] : right.merged), ...(isHalf ? [] : merged)]);
  const ofLeft = left.columns.map(({ name, sources }) => ({
    name,
    sources: (name !== null && !isHalf && hidden.has(foldName(name)) && byName.get(foldName(name))) || sources,
  }));
  const ofRight = right.columns.filter(({ name }) => name === null || !hidden.has(foldName(name)));
  return {
    relations: isHalf ? left.relations : [...left.relations, ...right.relations],
    merged: byName,
    columns: isHalf ? left.columns : [...ofLeft, ...ofRight],
    rows: allOf(left.rows, right.rows, deciding(decides, 'join')),
    counted: isHalf ? left.counted : allOf(left.counted, right.counted),
  };
}

const joinKinds: ReadonlySet<string> = new Set(['INNER', 'LEFT', 'RIGHT', 'OUTER', 'FULL', 'SEMI', 'ANTI']);
const refKinds: ReadonlySet<string> = new Set(['REGULAR', 'NATURAL', 'CROSS', 'POSITIONAL', 'ASOF']);

/** The value of a column of USING: of the side that always has one, or of the first of both that has one. */
function mergedSources(kind: string, pair: { readonly left: Sources; readonly right: Sources }): Sources {
  if (kind === 'RIGHT') return pair.right;
  return kind === 'FULL' || kind === 'OUTER' ? made(allOf(pair.left, pair.right), 'transformation') : pair.left;
}

const columnOf = ({ columns, merged }: From, name: string): Sources => {
  const found =
    merged.get(foldName(name)) ??
    columns.find((column) => column.name !== null && foldName(column.name) === foldName(name))?.sources;
  if (!found) throw new UnknownLineage(`the column ${name} of USING was not found`);
  return found;
};

const common = (left: From, right: From): string[] => {
  const namesOf = ({ columns }: From): string[] => columns.flatMap(({ name }: NamedColumn) => name ?? []);
  if ([...left.columns, ...right.columns].some(({ name }) => name === null))
    throw new UnknownLineage('a NATURAL JOIN has columns without names');
  const there = new Set(namesOf(right).map(foldName));
  return namesOf(left).filter((name) => there.has(foldName(name)));
};

/** The names inside a query with this FROM. */
export function scopeOf({ relations, merged, columns, counted }: From, outer: Scope | null): Scope {
  return { ...noNames, relations, merged, columns, counted, outer };
}
