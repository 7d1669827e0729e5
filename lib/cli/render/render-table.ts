import { cleanLine } from './clean-text.ts';
import type { Painter, Style } from './painter.ts';
import { pad, textWidth, truncate } from './text-width.ts';

/** A column of a table on the terminal. */
export interface TableColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Order in which a narrow terminal drops columns: the highest number goes first. */
  readonly drop?: number;
  /** Longer texts are cut; 60 by default. */
  readonly widest?: number;
}

export interface Cell {
  readonly text: string;
  readonly style?: Style | undefined;
}

export interface TableStyle {
  readonly paint: Painter;
  /** Columns of the terminal; Infinity if the output is not a terminal. */
  readonly width: number;
}

const gap = 2;

/** Widest cell by default, in columns; a column may set its own limit. */
const usualWidest = 60;

/** Rows under titles, indented by two. A narrow terminal first drops columns, then cuts the first column. */
export function renderTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly (Cell | string)[])[],
  { paint, width }: TableStyle,
): string {
  const cells = rows.map((row) =>
    row.map((cell, index) => clean(typeof cell === 'string' ? { text: cell } : cell, columns[index]?.widest)),
  );
  const natural = columns.map(({ title }, index) =>
    Math.max(textWidth(title), ...cells.map((row) => textWidth(row[index]?.text ?? ''))),
  );
  const { shown, widths } = fit(columns, natural, width);
  const line = (row: readonly Cell[]): string =>
    shown
      .map((index) => {
        const cell = row[index] ?? { text: '' };
        const size = widths[index] ?? 0;
        const text = truncate(cell.text, size);
        const space = ' '.repeat(Math.max(0, size - textWidth(text)));
        const painted = paint(text, cell.style);
        return columns[index]?.align === 'right' ? space + painted : painted + space;
      })
      .join(' '.repeat(gap));
  const titles = columns.map(({ title }): Cell => ({ text: title, style: 'dim' }));
  return [titles, ...cells].map((row) => `${' '.repeat(gap)}${line(row)}`.trimEnd()).join('\n');
}

const clean = (cell: Cell, widest = usualWidest): Cell => ({ ...cell, text: truncate(cleanLine(cell.text), widest) });

function fit(columns: readonly TableColumn[], needed: readonly number[], width: number) {
  // The first column has 8 at least.
  const natural = needed.map((size, index) => (index === 0 ? Math.max(8, size) : size));
  let shown = columns.map((_, index) => index);
  const total = (): number => shown.reduce((sum, index) => sum + (natural[index] ?? 0) + gap, 0);
  const droppable = [...shown]
    .filter((index) => columns[index]?.drop !== undefined)
    .sort((a, b) => (columns[b]?.drop ?? 0) - (columns[a]?.drop ?? 0));
  for (const index of droppable) {
    if (total() <= width) break;
    shown = shown.filter((other) => other !== index);
  }
  const excess = Math.max(0, total() - width);
  const widths = natural.map((size, index) => (index === shown[0] ? Math.max(8, size - excess) : size));
  return { shown, widths };
}

/** Names and values in two columns. */
export function renderPairs(pairs: readonly (readonly [name: string, value: string])[], paint: Painter): string {
  const width = Math.max(0, ...pairs.map(([name]) => textWidth(cleanLine(name))));
  return pairs.map(([name, value]) => `  ${pad(cleanLine(name), width)}  ${paint(value)}`.trimEnd()).join('\n');
}
