/** The reason why a text cannot be read. The caller that knows the file, answer or option catches it. */
export class ReadProblem extends Error {
  override readonly name = 'ReadProblem';
  /** The problem without its position. */
  readonly reason: string;
  /** From 1. */
  readonly line: number;
  /** In UTF-16 units, from 1. */
  readonly column: number;

  constructor(reason: string, line: number, column: number) {
    super(`line ${line}, column ${column}: ${reason}`);
    this.reason = reason;
    this.line = line;
    this.column = column;
  }
}

/** Returns the problem at an index of a text. */
export function problemAt(text: string, index: number, reason: string): ReadProblem {
  const before = text.slice(0, index);
  const lines = before.split(/\r\n|\n|\r/);
  return new ReadProblem(reason, lines.length, (lines.at(-1)?.length ?? 0) + 1);
}
