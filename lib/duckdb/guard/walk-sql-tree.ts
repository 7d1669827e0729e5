import { refuseScalarFunction, refuseTableFunction } from './function-rules.ts';
import { foldName } from './sql-position.ts';

/** A table that a query names, by all parts of its name. */
interface TreeTable {
  /** Catalog, schema and name, as far as the query gives them. */
  readonly path: readonly string[];
  /** The byte in the text; null if DuckDB gives none. */
  readonly byte: number | null;
}

interface TreeProblem {
  readonly message: string;
  readonly byte: number | null;
}

export interface SqlTree {
  /** All tables except the query's own WITH names. */
  readonly tables: readonly TreeTable[];
  readonly problems: readonly TreeProblem[];
}

/** Nodes without a `class` that a query may contain. All others are refused, so that someone reviews each addition of a later DuckDB first. */
const nodes = new Set(
  [
    ['SELECT_NODE', 'SET_OPERATION_NODE', 'RECURSIVE_CTE_NODE', 'CTE_NODE'],
    ['BASE_TABLE', 'SUBQUERY', 'JOIN', 'TABLE_FUNCTION', 'EXPRESSION_LIST', 'EMPTY', 'PIVOT'],
    ['ORDER_MODIFIER', 'LIMIT_MODIFIER', 'LIMIT_PERCENT_MODIFIER', 'DISTINCT_MODIFIER'],
    ['ORDER_DEFAULT', 'ASCENDING', 'DESCENDING'],
  ].flat(),
);

const classes = new Set(
  [
    ['CASE', 'CAST', 'COLLATE', 'COLUMN_REF', 'COMPARISON', 'CONJUNCTION', 'CONSTANT', 'DEFAULT', 'FUNCTION', 'LAMBDA'],
    ['LAMBDA_REF', 'OPERATOR', 'PARAMETER', 'POSITIONAL_REFERENCE', 'STAR', 'SUBQUERY', 'WINDOW', 'BETWEEN', 'TYPE'],
  ].flat(),
);

const showRef =
  'DESCRIBE, SUMMARIZE and SHOW are not allowed: a query reads datasets of upstream steps and nothing else';

/**
 * A WITH name that could also be a file or a table of the catalog. Guarding the scope is enough; this keeps it enough if DuckDB's scope rules ever differ from
 * ours.
 */
const doubtfulName = /[^\p{L}\p{N}_ $-]|^(duckdb|information|pg|pragma|sqlite)_/u;

type Fields = Readonly<Record<string, unknown>>;
type Scope = ReadonlySet<string>;

const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const byteOf = (node: Fields): number | null => (typeof node.query_location === 'number' ? node.query_location : null);

/** Walks a tree of `json_serialize_sql`. It visits every field of every node, so nothing hides in an unexpected field. */
export function walkSqlTree(tree: unknown): SqlTree {
  const tables: TreeTable[] = [];
  const problems: TreeProblem[] = [];
  const refuse = (node: Fields, message: string | null): void => {
    if (message !== null) problems.push({ message, byte: byteOf(node) });
  };

  const visit = (value: unknown, scope: Scope): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, scope);
    const node = fieldsOf(value);
    if (node !== null) visitNode(node, node.cte_map === undefined ? scope : visitWith(node.cte_map, scope));
  };
  const visitNode = (node: Fields, scope: Scope): void => {
    checkKind(node);
    if (node.class === undefined && node.type === 'BASE_TABLE') table(node, scope);
    if (node.class === 'FUNCTION' || node.class === 'WINDOW')
      refuse(node, refuseScalarFunction(foldName(textOf(node.function_name))));
    for (const [key, value] of Object.entries(node)) {
      if (key === 'cte_map') continue;
      if (node.type === 'TABLE_FUNCTION' && key === 'function') tableFunction(value, scope);
      else visit(value, key === 'right' && node.type === 'RECURSIVE_CTE_NODE' ? withName(scope, node.cte_name) : scope);
    }
  };
  const checkKind = (node: Fields): void => {
    if (typeof node.class === 'string') {
      if (!classes.has(node.class)) refuse(node, `an expression of the kind ${node.class} is not supported`);
    } else if (typeof node.type === 'string' && !nodes.has(node.type) && !node.type.endsWith('_TYPE_INFO')) {
      refuse(node, node.type === 'SHOW_REF' ? showRef : `a ${node.type} is not supported`);
    }
  };
  /** Later WITH queries know each name; a query never knows its own. */
  const visitWith = (map: unknown, outer: Scope): Scope => {
    let scope = outer;
    const entries = fieldsOf(map)?.map;
    for (const entry of Array.isArray(entries) ? entries : []) {
      const { key, value } = fieldsOf(entry) ?? {};
      if (doubtfulName.test(foldName(textOf(key))))
        problems.push({
          message: `${JSON.stringify(key)} cannot be a name in WITH: letters, digits and "_"`,
          byte: null,
        });
      visit(value, scope);
      scope = withName(scope, key);
    }
    return scope;
  };
  const table = (node: Fields, scope: Scope): void => {
    const path = [node.catalog_name, node.schema_name, node.table_name].map(textOf).filter((part) => part !== '');
    if (path.length !== 1 || !scope.has(foldName(path[0] ?? ''))) tables.push({ path, byte: byteOf(node) });
  };
  const tableFunction = (value: unknown, scope: Scope): void => {
    const node = fieldsOf(value) ?? {};
    const name = [node.catalog, node.schema, node.function_name].map(textOf).filter((part) => part !== '');
    refuse(node, refuseTableFunction(foldName(name.join('.'))));
    for (const child of Object.values(node)) visit(child, scope);
  };

  visit(tree, new Set());
  return { tables, problems };
}

const withName = (scope: Scope, name: unknown): Scope => new Set([...scope, foldName(textOf(name))]);
