import { parseSync } from 'oxc-parser';

export interface ExportedArrow {
  readonly name: string;
  readonly line: number;
}

/** Exported constants that are arrow functions. A constant with its own type does not count: a declaration could not have that type. */
export function exportedArrows(file: string, text: string): ExportedArrow[] {
  return parseSync(file, text).program.body.flatMap((node) => {
    if (node.type !== 'ExportNamedDeclaration' || node.declaration?.type !== 'VariableDeclaration') return [];
    return node.declaration.declarations.flatMap(({ id, init, start }) =>
      id.type === 'Identifier' && !id.typeAnnotation && init?.type === 'ArrowFunctionExpression'
        ? [{ name: id.name, line: text.slice(0, start).split('\n').length }]
        : [],
    );
  });
}
