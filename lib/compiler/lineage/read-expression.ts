import { foldName } from '../../duckdb/guard/sql-position.ts';
import { lookUp, noNames, type Scope, type Table } from './scope.ts';
import { allOf, deciding, isDirect, made, noSources, type Sources, unknownSources } from './sources.ts';
import { type Node, nodeOf, nodesOf, textOf, textsOf } from './tree.ts';

/** The parts of the reader that expressions need. */
export interface ExpressionReader {
  /** Names of aggregates, folded. */
  readonly aggregates: ReadonlySet<string>;
  /** Reads a subquery, whose names may lead outside. */
  query(node: Node, scope: Scope): Table;
}

/** Functions whose argument `x -> ...` is a function. Elsewhere the arrow takes a value out of JSON. */
const takeLambda = /^(?:(?:list|array)_(?:apply|filter|reduce|transform)|apply|filter|list_aggr|reduce)$/;

/** The inputs of an expression. */
export function readExpression(node: Node, scope: Scope, reader: ExpressionReader): Sources {
  const read = (value: unknown): Sources => readExpression(nodeOf(value), scope, reader);
  const readAll = (value: unknown): Sources => allOf(...nodesOf(value).map(read));
  const of = (...values: readonly unknown[]): Sources =>
    made(allOf(...values.map((value) => (Array.isArray(value) ? readAll(value) : read(value)))), 'transformation');

  switch (node.class) {
    case undefined:
    case 'CONSTANT':
    case 'PARAMETER':
    case 'DEFAULT':
    case 'TYPE':
      return noSources;
    case 'COLUMN_REF':
      return lookUp(textsOf(node.column_names), scope);
    case 'POSITIONAL_REFERENCE':
      return scope.columns[Number(node.index) - 1]?.sources ?? unknownSources('a column is named by its number');
    case 'CAST':
    case 'COLLATE':
      return of(node.child);
    case 'BETWEEN':
      return of(node.input, node.lower, node.upper);
    case 'COMPARISON':
      return of(node.left, node.right);
    case 'CONJUNCTION':
    case 'OPERATOR':
      return of(node.children);
    case 'CASE': {
      const checks = nodesOf(node.case_checks);
      const conditions = checks.map(({ when_expr }) => deciding(read(when_expr), 'conditional'));
      return allOf(...conditions, of(...checks.map(({ then_expr }) => then_expr), node.else_expr));
    }
    case 'FUNCTION':
      return readFunction(node, scope, reader);
    case 'WINDOW':
      return readWindow(node, scope, reader);
    case 'LAMBDA':
      return of(node.lhs, node.expr);
    case 'SUBQUERY': {
      const { columns, rows, counted } = reader.query(nodeOf(nodeOf(node.subquery).node), scope);
      const values = columns.map(({ sources }) => sources);
      if (node.subquery_type === 'SCALAR') return allOf(...values, rows);
      const compared = /EXISTS/.test(textOf(node.subquery_type)) ? [counted] : [...values, read(node.child)];
      return allOf(made(allOf(...compared), 'transformation'), rows);
    }
    default:
      return unknownSources(`an expression of the kind ${textOf(node.class)} is not followed`);
  }
}

/** The inputs of an aggregate or window. Without a value of a column it tells of the rows alone, as `count(*)` does. */
const orRows = (values: Sources, { counted }: Scope): Sources =>
  [...values.inputs.values()].some(({ kinds }) => kinds.some(isDirect)) ? values : allOf(values, counted);

function readFunction(node: Node, scope: Scope, reader: ExpressionReader): Sources {
  const name = foldName(textOf(node.function_name));
  const isAggregate = reader.aggregates.has(name);
  const inner = takeLambda.test(name) ? withParameters(node, scope) : scope;
  const read = (value: unknown): Sources => {
    const argument = nodeOf(value);
    return argument.class === 'LAMBDA' && inner !== scope
      ? readExpression(nodeOf(argument.expr), inner, reader)
      : readExpression(argument, scope, reader);
  };
  const values = allOf(...nodesOf(node.children).map(read));
  if (!isAggregate) return made(values, 'transformation');
  return allOf(
    made(orRows(values, scope), 'aggregation'),
    deciding(read(node.filter), 'conditional'),
    deciding(allOf(...nodesOf(nodeOf(node.order_bys).orders).map(({ expression }) => read(expression))), 'sort'),
  );
}

/** The names of a function's arguments hide columns. The list that it goes through is an argument, so they add no input. */
function withParameters(node: Node, outer: Scope): Scope {
  const names = nodesOf(node.children)
    .filter((child) => child.class === 'LAMBDA')
    .flatMap(({ lhs }) => parametersOf(nodeOf(lhs)));
  return {
    ...noNames,
    counted: outer.counted,
    aliases: new Map(names.map((name) => [foldName(name), noSources])),
    outer,
  };
}

/** `x`, or `(x, i)`. */
const parametersOf = (node: Node): readonly string[] =>
  node.class === 'COLUMN_REF' ? textsOf(node.column_names).slice(0, 1) : nodesOf(node.children).flatMap(parametersOf);

function readWindow(node: Node, scope: Scope, reader: ExpressionReader): Sources {
  const read = (...values: readonly unknown[]): Sources =>
    allOf(...values.map((value) => readExpression(nodeOf(value), scope, reader)));
  const ordered = (value: unknown): Sources => read(...nodesOf(value).map(({ expression }) => expression));
  const values = read(...nodesOf(node.children), node.default_expr);
  const by = node.type === 'WINDOW_AGGREGATE' ? 'aggregation' : 'transformation';
  const decides = allOf(
    read(...nodesOf(node.partitions), node.offset_expr, node.start_expr, node.end_expr),
    ordered(node.orders),
  );
  return allOf(
    made(orRows(values, scope), by),
    deciding(allOf(decides, ordered(node.arg_orders)), 'window'),
    deciding(read(node.filter_expr), 'conditional'),
  );
}
