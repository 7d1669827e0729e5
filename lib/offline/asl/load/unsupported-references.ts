import type { ExprNode } from 'jsonata';

/** Nodes of JSONata's syntax tree, with the members that its types leave out. */
type Node = Partial<Omit<ExprNode, 'lhs' | 'rhs' | 'type'>> & {
  readonly type?: string;
  readonly lhs?: unknown;
  readonly rhs?: unknown;
  readonly expression?: unknown;
  readonly condition?: unknown;
  readonly then?: unknown;
  readonly else?: unknown;
};

/** References that AWS rejects although the expression parses: names without a value because there is no context item, and an error where none was caught. */
export function unsupportedReferences(tree: ExprNode, path: string): string[] {
  const names = new Set(topLevelReferences(tree));
  const messages = [...names].map(
    (name) => `a reference to '${name}' at the top level is not supported; begin with $states or a variable`,
  );
  if (readsErrorOutput(tree) && !inCatcher.test(path)) {
    messages.push("$states.errorOutput exists only in a catcher's Assign and Output");
  }
  return messages;
}

const inCatcher = /\/Catch\[\d+\]\/(Assign|Output)(\/|\[|$)/;

/** Names that are looked up in the expression's own context item. Those in later steps, predicates and function bodies have another one. */
const topLevelReferences = (node: unknown): string[] => {
  if (Array.isArray(node)) return node.flatMap(topLevelReferences);
  if (typeof node !== 'object' || node === null) return [];
  const { type, value, steps, ...parts }: Node = node;
  switch (type) {
    case 'name':
      return [String(value)];
    case 'wildcard':
      return ['*'];
    case 'descendant':
      return ['**'];
    case 'variable':
      return value === '' || value === '$' ? [`$${value}`] : [];
    case 'path':
      return topLevelReferences(steps?.[0]);
    case 'lambda':
    case 'transform':
      return [];
    case 'bind':
      return topLevelReferences(parts.rhs);
    default:
      return [
        ...[parts.lhs, parts.rhs, parts.expression, parts.expressions, parts.condition, parts.then, parts.else],
        ...[parts.procedure, parts.arguments],
      ].flatMap(topLevelReferences);
  }
};

const readsErrorOutput = (node: unknown): boolean => {
  if (typeof node !== 'object' || node === null) return false;
  const [first, second] = ((node as Node).steps ?? []) as readonly Node[];
  const reads = first?.type === 'variable' && first.value === 'states' && second?.value === 'errorOutput';
  return reads || Object.values(node).some(readsErrorOutput);
};
