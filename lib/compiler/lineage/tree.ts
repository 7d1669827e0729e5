/** Reads nodes of the tree that DuckDB's `json_serialize_sql` gives. */
export type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function nodeOf(value: unknown): Node {
  return isNode(value) ? value : {};
}

/** The items of a list that are nodes. */
export function nodesOf(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The items of a list that are texts. */
export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** The whole number that a constant is, or null. */
export function wholeNumber(node: Node): number | null {
  const { value } = nodeOf(node.value);
  return node.class === 'CONSTANT' && typeof value === 'number' && Number.isInteger(value) ? value : null;
}

/** True if an expression, outside of its subqueries, has a node with this property. */
export function hasInside(value: unknown, is: (node: Node) => boolean): boolean {
  if (Array.isArray(value)) return value.some((item) => hasInside(item, is));
  if (!isNode(value) || value.class === 'SUBQUERY') return false;
  return is(value) || Object.values(value).some((child) => hasInside(child, is));
}
