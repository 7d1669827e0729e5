/** A position in an SQL text. Line and column count from 1; columns count as in editors, a tab as one. */
export interface SqlPosition {
  readonly line: number;
  readonly column: number;
}

/** Returns the position of an index of the string. */
export function positionAt(text: string, index: number): SqlPosition {
  const before = text.slice(0, Math.max(0, index));
  const start = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: before.length - start + 1 };
}

/** Returns the string's index of a byte of its UTF-8. DuckDB counts bytes in trees and in its binder's errors. */
export function indexOfByte(text: string, byte: number): number {
  return new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, byte)).length;
}

/** Returns the string's index of a code point. DuckDB counts code points in syntax errors. */
export function indexOfCodePoint(text: string, point: number): number {
  return [...text].slice(0, point).join('').length;
}

/** Lower case as DuckDB folds names: only ASCII, so that Daybreak and DuckDB agree which names are equal. */
export function foldName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
