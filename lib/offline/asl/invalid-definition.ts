/** A mistake in a definition, or a feature that this interpreter does not implement. */
export interface Problem {
  /** Where: `/States/Extract/Retry[0]/MaxAttempts`; `/` is the definition itself. */
  readonly path: string;
  readonly message: string;
}

/** Thrown by `loadMachine`: lists every reason why the definition cannot run. */
export class InvalidDefinition extends Error {
  override readonly name = 'InvalidDefinition';
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(`the definition cannot be run:\n${problems.map((p) => `  ${p.path}: ${p.message}`).join('\n')}`);
    this.problems = problems;
  }
}
