/** The reason why a value cannot be written as JSON. */
export class WriteProblem extends Error {
  override readonly name = 'WriteProblem';
  /** The problem without its path. */
  readonly reason: string;
  /** The path in the value: `.items[3].price`; empty for the value itself. */
  readonly path: string;

  constructor(reason: string, path = '') {
    super(path === '' ? reason : `${path}: ${reason}`);
    this.reason = reason;
    this.path = path;
  }

  /** Returns the same problem with the path of one outer level. */
  within(segment: string): WriteProblem {
    return new WriteProblem(this.reason, segment + this.path);
  }
}
