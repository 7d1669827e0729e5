import type { ResultColumn } from '../../runtime/handler/read-only-query.ts';
import { cleanLine } from '../render/clean-text.ts';
import { counted } from '../render/format.ts';
import { renderTable, type TableStyle } from '../render/render-table.ts';
import { textWidth, truncate } from '../render/text-width.ts';
import { cellText, type Value } from './value-text.ts';

/** Rows of a dataset, each with all columns. */
export type Rows = readonly Readonly<Record<string, Value>>[];

/** Widest column, in columns of the terminal. */
const widest = 40;

const gap = 2;

/** Rows as a table that fits the terminal. Columns without room are named below it. */
export function resultTable(columns: readonly ResultColumn[], rows: Rows, table: TableStyle): string {
  const shown = fitting(columns, rows, table.width);
  const hidden = columns.slice(shown.length);
  const heads = shown.map(({ name, type }) => ({
    title: truncate(cleanLine(name), widest),
    widest,
    align: isNumber(type) ? ('right' as const) : ('left' as const),
  }));
  const cells = rows.map((row) =>
    shown.map(({ name }) => {
      const value = row[name] ?? null;
      return value === null ? { text: cellText(value), style: 'dim' as const } : cellText(value);
    }),
  );
  const names = hidden.map(({ name }) => cleanLine(name)).join(', ');
  const note = `+ ${counted(hidden.length, 'column')}: ${names}`;
  return [
    renderTable(heads, cells, table),
    ...(hidden.length > 0 ? [`  ${table.paint(truncate(note, Math.max(20, table.width - 3)), 'dim')}`] : []),
  ].join('\n');
}

/** As many of the first columns as fit, at least one. */
function fitting(columns: readonly ResultColumn[], rows: Rows, width: number): readonly ResultColumn[] {
  let used = 0;
  const count = columns.findIndex(({ name }) => {
    const natural = Math.max(
      textWidth(cleanLine(name)),
      ...rows.map((row) => textWidth(cleanLine(cellText(row[name] ?? null)))),
    );
    used += Math.min(widest, natural) + gap;
    return used >= width;
  });
  return count < 0 ? columns : columns.slice(0, Math.max(1, count));
}

const isNumber = (type: string): boolean => /^(BIGINT|INTEGER|DOUBLE|DECIMAL\(\d+,\d+\))$/.test(type);
