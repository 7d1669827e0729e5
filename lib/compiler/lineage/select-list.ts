import { foldName } from '../../duckdb/guard/sql-position.ts';
import type { From, NamedColumn } from './scope.ts';
import { hasInside, type Node, nodeOf, nodesOf, textOf, textsOf } from './tree.ts';
import { UnknownLineage } from './unknown-lineage.ts';

/** One column of a select list: an expression, or a column that a star stands for. */
export type SelectItem =
  | { readonly name: string | null; readonly expression: Node }
  | { readonly name: string | null; readonly column: NamedColumn };

const isStar = (node: Node): boolean => node.class === 'STAR';

/** The columns of a select list, with each star written out. */
export function selectList(list: readonly Node[], from: From): SelectItem[] {
  return list.flatMap((node) => {
    if (isStar(node)) return starred(node, from);
    if (!hasInside(node, isStar)) return [{ name: nameOf(node), expression: node }];
    throw new UnknownLineage('a star inside of an expression is not followed');
  });
}

/** The alias, or the last part of a column's name; null for an expression that only DuckDB can name. */
const nameOf = (node: Node): string | null =>
  textOf(node.alias) || (node.class === 'COLUMN_REF' && textsOf(node.column_names).at(-1)) || null;

function starred(node: Node, from: From): SelectItem[] {
  if (node.expr !== undefined) throw new UnknownLineage('COLUMNS(...) with a pattern is not followed');
  if (nodesOf(node.exclude_list).length > 0) throw new UnknownLineage('EXCLUDE of a name with a table is not followed');
  const left = new Set(textsOf(node.exclude_list).map(foldName));
  const replaced = new Map(nodesOf(node.replace_list).map(({ key, value }) => [foldName(textOf(key)), nodeOf(value)]));
  const renamed = new Map(
    nodesOf(node.rename_list).map(({ key, value }) => [
      foldName(textOf(nodeOf(key).column) || textOf(key)),
      textOf(value),
    ]),
  );
  return columnsOf(textOf(node.relation_name), from).flatMap((column): SelectItem[] => {
    if (column.name === null) throw new UnknownLineage('a star stands for a column without a name');
    const folded = foldName(column.name);
    if (left.has(folded)) return [];
    const expression = replaced.get(folded);
    const name = renamed.get(folded) ?? column.name;
    return expression ? [{ name, expression }] : [{ name, column }];
  });
}

function columnsOf(table: string, from: From): readonly NamedColumn[] {
  if (table === '') return from.columns;
  const [relation] = from.relations.filter(({ alias }) => foldName(alias) === foldName(table));
  if (!relation) throw new UnknownLineage(`the fields of ${table} are not followed by a star`);
  return relation.columns;
}
