import { foldName } from '../../duckdb/guard/sql-position.ts';
import { readExpression } from './read-expression.ts';
import { type FromReader, readFrom, scopeOf } from './read-from.ts';
import type { From, NamedColumn, Scope, Table } from './scope.ts';
import { type SelectItem, selectList } from './select-list.ts';
import { allOf, columnsOnly, deciding, noSources, type Sources } from './sources.ts';
import { hasInside, type Node, nodeOf, nodesOf, textOf, textsOf, wholeNumber } from './tree.ts';

/** One SELECT. */
export function readSelect(node: Node, outer: Scope, reader: FromReader): Table {
  return new SelectReader(node, outer, reader).read();
}

class SelectReader {
  readonly #node: Node;
  readonly #reader: FromReader;
  readonly #from: From;
  readonly #items: readonly SelectItem[];
  readonly #columns: NamedColumn[] = [];
  readonly #aliases = new Map<string, Sources>();
  readonly #scope: Scope;

  constructor(node: Node, outer: Scope, reader: FromReader) {
    this.#node = node;
    this.#reader = reader;
    this.#from = readFrom(nodeOf(node.from_table), outer, reader);
    this.#items = selectList(nodesOf(node.select_list), this.#from);
    this.#scope = { ...scopeOf(this.#from, outer), aliases: this.#aliases };
  }

  read(): Table {
    for (const item of this.#items) {
      const sources = 'column' in item ? item.column.sources : this.#sources(item.expression);
      this.#columns.push({ name: item.name, sources });
      // A star gives no alias: its columns have their names already.
      if (item.name !== null && 'expression' in item) this.#aliases.set(foldName(item.name), sources);
    }
    const { where_clause, having, qualify } = this.#node;
    const chosen = allOf(
      this.#from.rows,
      deciding(this.#sources(where_clause), 'filter'),
      deciding(this.#groups(), 'group_by'),
      this.#unnested(),
    );
    const kept = allOf(deciding(this.#having(), 'filter'), deciding(this.#sources(qualify), 'filter'));
    const modifiers = this.#modifiers();
    if (!this.#isOneRow() || having !== undefined || qualify !== undefined)
      return this.#table(allOf(chosen, kept, modifiers), this.#from.counted);
    // Exactly one row: the tables and conditions decide its values, and no longer which rows there are.
    const columns = this.#columns.map(({ name, sources }, index) => ({
      name,
      sources: this.#isAggregate(this.#items[index]) ? allOf(sources, chosen) : sources,
    }));
    return { columns, rows: columnsOnly(modifiers), counted: noSources };
  }

  #table(rows: Sources, counted: Sources): Table {
    return { columns: this.#columns, rows: columnsOnly(rows), counted };
  }

  #sources(value: unknown): Sources {
    return value === undefined ? noSources : readExpression(nodeOf(value), this.#scope, this.#reader);
  }

  /** True if aggregates without groups make one row of all. */
  #isOneRow(): boolean {
    const { group_expressions } = this.#node;
    if (nodesOf(group_expressions).length > 0) return false;
    const some = this.#items.some((item) => this.#isAggregate(item));
    return this.#groupsAll() ? this.#items.every((item) => this.#isAggregate(item)) : some;
  }

  #isAggregate(item: SelectItem | undefined): boolean {
    const { aggregates } = this.#reader;
    const is = (node: Node): boolean =>
      node.class === 'FUNCTION' && aggregates.has(foldName(textOf(node.function_name)));
    return item !== undefined && 'expression' in item && hasInside(item.expression, is);
  }

  #groupsAll(): boolean {
    return this.#node.aggregate_handling === 'FORCE_AGGREGATES';
  }

  #groups(): Sources {
    if (this.#groupsAll()) {
      const keys = this.#columns.filter((_, index) => !this.#isAggregate(this.#items[index]));
      return allOf(...keys.map(({ sources }) => sources));
    }
    return allOf(...nodesOf(this.#node.group_expressions).map((node) => this.#numbered(node) ?? this.#sources(node)));
  }

  /** The column of the result that a constant number names; null for all else. */
  #numbered(node: Node): Sources | null {
    const number = wholeNumber(node);
    return number === null ? null : (this.#columns[number - 1]?.sources ?? null);
  }

  /** In HAVING a name may be a group or an alias: both count where both exist. */
  #having(): Sources {
    const aliased: Sources[] = [];
    hasInside(this.#node.having, (node) => {
      const [first = '', ...more] = node.class === 'COLUMN_REF' ? textsOf(node.column_names) : [];
      const found = more.length === 0 ? this.#aliases.get(foldName(first)) : undefined;
      if (found) aliased.push(found);
      return false;
    });
    return allOf(this.#sources(this.#node.having), ...aliased);
  }

  /** A list in the select list makes a row of each of its items. */
  #unnested(): Sources {
    const unnests = (node: Node): boolean =>
      node.class === 'FUNCTION' && foldName(textOf(node.function_name)) === 'unnest';
    const lists = this.#items.flatMap((item, index) =>
      'expression' in item && hasInside(item.expression, unnests) ? (this.#columns[index]?.sources ?? []) : [],
    );
    return deciding(allOf(...lists), 'join');
  }

  #modifiers(): Sources {
    return readModifiers(this.#node, this.#columns, {
      ordered: (node) => this.#ordered(node),
      plain: (node) => this.#sources(node),
    });
  }

  /** In ORDER BY a single name is first one of the result, and inside of an expression first one of a table. */
  #ordered(node: Node): Sources {
    const [name = '', ...more] = node.class === 'COLUMN_REF' ? textsOf(node.column_names) : [];
    const alias = more.length === 0 ? this.#aliases.get(foldName(name)) : undefined;
    return this.#numbered(node) ?? alias ?? this.#sources(node);
  }
}

/** The columns that decide order, length and repetition of a result. */
export function readModifiers(
  node: Node,
  columns: readonly NamedColumn[],
  /** `ordered`: in ORDER BY, where numbers name columns of the result. */
  read: { readonly ordered: (expression: Node) => Sources; readonly plain: (expression: Node) => Sources },
): Sources {
  const all = allOf(...columns.map(({ sources }) => sources));
  const ordered = (value: unknown): Sources => (nodeOf(value).class === 'STAR' ? all : read.ordered(nodeOf(value)));
  const of = (value: unknown): Sources => (value === undefined ? noSources : read.plain(nodeOf(value)));
  return allOf(
    ...nodesOf(node.modifiers).map((modifier) => {
      const { orders, distinct_on_targets, limit, offset } = modifier;
      const sorted = nodesOf(orders).map(({ expression }) => ordered(expression));
      const distinct = nodesOf(distinct_on_targets);
      const once =
        modifier.type !== 'DISTINCT_MODIFIER'
          ? noSources
          : distinct.length === 0
            ? all
            : allOf(...distinct.map(ordered));
      return allOf(
        deciding(allOf(...sorted), 'sort'),
        deciding(once, 'group_by'),
        deciding(allOf(of(limit), of(offset)), 'filter'),
      );
    }),
  );
}
