/** Where something stands in an SQL text. Both count from 1; columns count as editors do, a tab as one. */
export interface SqlPlace {
  readonly line: number;
  readonly column: number;
}

/** The place of an index of the string. */
export function placeAt(text: string, index: number): SqlPlace {
  const before = text.slice(0, Math.max(0, index));
  const start = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: before.length - start + 1 };
}

/** The string's index of a byte of its UTF-8, which is how DuckDB counts in trees and in errors of its binder. */
export function indexOfByte(text: string, byte: number): number {
  return new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, byte)).length;
}

/** The string's index of a code point, which is how DuckDB counts in syntax errors. */
export function indexOfCodePoint(text: string, point: number): number {
  return [...text].slice(0, point).join('').length;
}

/** Lower case as DuckDB folds names: ASCII alone, so that no two names are one here and two there. */
export function foldName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
