import type { Painter } from '../render/painter.ts';
import type { TableStyle } from '../render/render-table.ts';
import { textWidth } from '../render/text-width.ts';
import { written } from './chosen-column.ts';
import type { LineageTree } from './lineage-tree.ts';

/** A tree as lines. The ways of an input stand behind its name, or below it where the line would become too wide. */
export function renderTree(tree: LineageTree, style: TableStyle): string[] {
  return [
    style.paint(nameOf(tree, tree), 'bold'),
    ...notes(tree, '  ', style.paint),
    ...branches(tree, { root: tree, indent: '' }, style),
  ];
}

interface At {
  readonly root: LineageTree;
  readonly indent: string;
}

function branches({ branches: all }: LineageTree, { root, indent }: At, style: TableStyle): string[] {
  const { paint, width } = style;
  return all.flatMap((branch, index) => {
    const isLast = index === all.length - 1;
    const below = `${indent}${isLast ? '   ' : '│  '}`;
    const name = nameOf(branch, root);
    const ways = branch.kinds.length > 0 ? branch.kinds.map((kind) => kind.replace('_', ' ')).join(', ') : 'perhaps';
    const behind = `${ways}${branch.repeated ? '; above' : ''}`;
    const first = `${indent}${isLast ? '└─ ' : '├─ '}`;
    const fits = textWidth(`${first}${name}  ${behind}`) <= width;
    return [
      `${first}${paint(name, 'cyan')}${fits ? `  ${paint(behind, 'dim')}` : ''}`,
      ...(fits ? [] : [`${below}  ${paint(behind, 'dim')}`]),
      ...notes(branch, `${below}  `, paint),
      ...branches(branch, { root, indent: below }, style),
    ];
  });
}

/** The name, with the pipeline if it is another one, and `(rows)` for inputs that are no column. */
function nameOf({ place, kinds }: LineageTree, root: LineageTree): string {
  const other = place.pipeline === root.place.pipeline ? '' : `${place.pipeline}: `;
  return `${other}${written(place)}${place.column === null && kinds.length > 0 ? ' (rows)' : ''}`;
}

const notes = ({ unknown }: LineageTree, indent: string, paint: Painter): string[] =>
  unknown === undefined ? [] : [`${indent}${paint(`not known: ${unknown}`, 'yellow')}`];
