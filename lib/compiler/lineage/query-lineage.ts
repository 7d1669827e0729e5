/** Follows the columns of a query's result back to the columns of datasets. */
import type { QueryLineage } from '../../contract/lineage/column-lineage.ts';
import { foldName } from '../../duckdb/guard/sql-position.ts';
import { readExpression } from './read-expression.ts';
import type { FromReader } from './read-from.ts';
import { readModifiers, readSelect } from './read-select.ts';
import { type NamedColumn, noNames, type Scope, type Table } from './scope.ts';
import { allOf, columnsOnly, deciding, inputsOf, isSame, noSources, type Sources, sourceOf } from './sources.ts';
import { type Node, nodeOf, nodesOf, textOf, textsOf, wholeNumber } from './tree.ts';
import { UnknownLineage } from './unknown-lineage.ts';

export interface LineageQuestion {
  /** The datasets that the query names, with their columns in order. */
  readonly tables: readonly { readonly step: string; readonly dataset: string; readonly columns: readonly string[] }[];
  /** The names of the result's columns, from DuckDB's plan; null if there is no plan. */
  readonly result: readonly string[] | null;
}

/**
 * The lineage of a query, from the tree of `json_serialize_sql`. Where it cannot follow the query it reports the reason and guesses nothing: `result` must be the columns that it finds.
 * The query is one that DuckDB can plan, so every name in it stands for something. `aggregates`: the names of DuckDB's aggregates.
 */
export function queryLineage(tree: unknown, question: LineageQuestion, aggregates: ReadonlySet<string>): QueryLineage {
  const reads = question.tables.map(({ step, dataset }) => ({ step, dataset }));
  try {
    const table = new QueryReader(question, aggregates, new Map()).query(nodeOf(tree), noNames);
    const names = namesOf(table, question.result);
    const columns = table.columns.map(({ sources }, index) => ({
      name: names[index] ?? '',
      inputs: inputsOf(sources),
      ...(sources.unknown !== null && { unknown: sources.unknown }),
    }));
    const { unknown } = table.rows;
    return { columns, rows: inputsOf(table.rows), reads, ...(unknown !== null && { unknown }) };
  } catch (error) {
    if (!(error instanceof UnknownLineage)) throw error;
    return { columns: [], rows: [], reads, unknown: error.message };
  }
}

/** The names of the columns: those of DuckDB's plan, which have to be the ones that were found. */
function namesOf({ columns }: Table, planned: readonly string[] | null): readonly string[] {
  if (planned === null)
    return columns.map(({ name }) => {
      if (name === null) throw new UnknownLineage('a column has no name before a run');
      return name;
    });
  const isOther = columns.some(({ name }, at) => name !== null && foldName(name) !== foldName(planned[at] ?? ''));
  if (columns.length !== planned.length || isOther)
    throw new UnknownLineage('its columns are not those that DuckDB plans');
  return planned;
}

type WithTables = ReadonlyMap<string, Table>;

class QueryReader implements FromReader {
  readonly #question: LineageQuestion;
  readonly aggregates: ReadonlySet<string>;
  /** Of WITH, by folded name. */
  readonly #with: WithTables;

  constructor(question: LineageQuestion, aggregates: ReadonlySet<string>, tables: WithTables) {
    this.#question = question;
    this.aggregates = aggregates;
    this.#with = tables;
  }

  query(node: Node, scope: Scope): Table {
    const inner = this.#withTables(nodesOf(nodeOf(node.cte_map).map), scope);
    switch (node.type) {
      case 'SELECT_NODE':
        return readSelect(node, scope, inner);
      case 'SET_OPERATION_NODE':
        return inner.#combined(node, scope);
      case 'RECURSIVE_CTE_NODE':
        return inner.#recursive(node, scope);
      default:
        throw new UnknownLineage(`a ${textOf(node.type)} is not followed`);
    }
  }

  table(node: Node) {
    const [step, dataset] = [textOf(node.schema_name), textOf(node.table_name)];
    const own = step === '' ? this.#with.get(foldName(dataset)) : undefined;
    if (own) return { table: own, schema: null };
    const found = this.#question.tables.find(
      (one) => foldName(one.step) === foldName(step) && foldName(one.dataset) === foldName(dataset),
    );
    if (!found) throw new UnknownLineage(`the columns of ${[step, dataset].filter(Boolean).join('.')} are not known`);
    const place = { step: found.step, dataset: found.dataset };
    const columns = found.columns.map((name) => ({ name, sources: sourceOf({ ...place, column: name }) }));
    return { table: { columns, rows: noSources, counted: sourceOf({ ...place, column: null }) }, schema: found.step };
  }

  #withTables(entries: readonly Node[], scope: Scope): QueryReader {
    let reader: QueryReader = this;
    for (const { key, value } of entries) {
      const { aliases, query } = nodeOf(value);
      reader = reader.#and(textOf(key), renamed(reader.query(nodeOf(nodeOf(query).node), scope), textsOf(aliases)));
    }
    return reader;
  }

  #and(name: string, table: Table): QueryReader {
    return new QueryReader(this.#question, this.aggregates, new Map([...this.#with, [foldName(name), table]]));
  }

  /** UNION, EXCEPT and INTERSECT. */
  #combined(node: Node, scope: Scope): Table {
    const [left, right] = [this.query(nodeOf(node.left), scope), this.query(nodeOf(node.right), scope)];
    const kind = textOf(node.setop_type);
    if (!/^(UNION|UNION_BY_NAME|EXCEPT|INTERSECT)$/.test(kind)) throw new UnknownLineage(`${kind} is not followed`);
    const isUnion = kind.startsWith('UNION');
    const columns = kind === 'UNION_BY_NAME' ? byName(left, right) : isUnion ? byPlace(left, right) : left.columns;
    const every = allOf(...[...left.columns, ...right.columns].map(({ sources }) => sources));
    const compared = isUnion
      ? node.setop_all === false
        ? deciding(every, 'group_by')
        : noSources
      : deciding(every, 'filter');
    const names = { ...noNames, columns, outer: scope, relations: [{ alias: '', schema: null, columns }] };
    const plain = (one: Node): Sources => readExpression(one, names, this);
    const ordered = (one: Node): Sources => columns[(wholeNumber(one) ?? 0) - 1]?.sources ?? plain(one);
    const modifiers = readModifiers(node, columns, { ordered, plain });
    return {
      columns,
      rows: columnsOnly(allOf(left.rows, right.rows, compared, modifiers)),
      counted: allOf(left.counted, right.counted),
    };
  }

  /** Reads the recursive part again until it brings no new input. */
  #recursive(node: Node, scope: Scope): Table {
    if (nodesOf(node.key_targets).length > 0) throw new UnknownLineage('WITH RECURSIVE ... USING KEY is not followed');
    const aliases = textsOf(node.aliases);
    let table = renamed(this.query(nodeOf(node.left), scope), aliases);
    for (;;) {
      const next = this.#and(textOf(node.cte_name), table).query(nodeOf(node.right), scope);
      const columns = byPlace(table, next);
      const once =
        node.union_all === true ? noSources : deciding(allOf(...columns.map(({ sources }) => sources)), 'group_by');
      const grown: Table = {
        columns,
        rows: columnsOnly(allOf(table.rows, next.rows, once)),
        counted: allOf(table.counted, next.counted),
      };
      if (isSame(everything(grown), everything(table))) return grown;
      table = grown;
    }
  }
}

/** The inputs of a table per column, as one value to compare. */
const everything = ({ columns, rows, counted }: Table): Sources => {
  const inputs = [...columns.map(({ sources }) => sources), rows, counted].flatMap((sources, at) =>
    [...sources.inputs].map(([key, input]) => [`${at}/${key}`, input] as const),
  );
  return { inputs: new Map(inputs), unknown: allOf(rows, ...columns.map(({ sources }) => sources)).unknown };
};

const renamed = (table: Table, names: readonly string[]): Table => ({
  ...table,
  columns: table.columns.map(({ name, sources }, index) => ({ name: names[index] ?? name, sources })),
});

const byPlace = (left: Table, right: Table): NamedColumn[] => {
  if (left.columns.length !== right.columns.length) throw new UnknownLineage('two queries have different columns');
  return left.columns.map(({ name, sources }, index) => ({
    name,
    sources: allOf(sources, right.columns[index]?.sources ?? noSources),
  }));
};

const byName = (left: Table, right: Table): NamedColumn[] => {
  const columns = new Map<string, NamedColumn>();
  for (const { name, sources } of [...left.columns, ...right.columns]) {
    if (name === null) throw new UnknownLineage('UNION BY NAME has a column without a name');
    const before = columns.get(foldName(name));
    columns.set(foldName(name), { name: before?.name ?? name, sources: allOf(before?.sources ?? noSources, sources) });
  }
  return [...columns.values()];
};
