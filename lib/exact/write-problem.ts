/** Why a value cannot be written as JSON. */
export class WriteProblem extends Error {
  override readonly name = 'WriteProblem';
  /** The problem alone, without its place. */
  readonly reason: string;
  /** Where in the value: `.items[3].price`; empty for the value itself. */
  readonly path: string;

  constructor(reason: string, path = '') {
    super(path === '' ? reason : `${path}: ${reason}`);
    this.reason = reason;
    this.path = path;
  }

  /** The same problem, seen from one level further out. */
  within(segment: string): WriteProblem {
    return new WriteProblem(this.reason, segment + this.path);
  }
}
