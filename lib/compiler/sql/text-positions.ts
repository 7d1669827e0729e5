import type { SqlPosition } from '../../duckdb/guard/sql-position.ts';

/** Index of a line and column, both from 1. */
export function indexAt(text: string, { line, column }: SqlPosition): number {
  let start = 0;
  for (let number = 1; number < line; number++) start = text.indexOf('\n', start) + 1;
  return start + column - 1;
}

const word =
  /(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|[$\p{L}_][\p{L}\p{N}_$]*|\d+)(?:\s*\.\s*(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*))*/uy;

/** The end of the name, text or number that begins at an index; the next character for anything else. */
export function endOfWord(text: string, start: number): number {
  word.lastIndex = start;
  return start + (word.exec(text)?.[0].length ?? 1);
}

/** The first word of a query: the position for messages about the whole query. */
export function firstWord(text: string): { readonly start: number; readonly end: number } {
  const start = /^(?:\s+|--[^\n]*\n?|\/\*[\s\S]*?\*\/)*/.exec(text)?.[0].length ?? 0;
  return { start, end: endOfWord(text, start) };
}
