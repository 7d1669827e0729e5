/** A mistake in how the command line was used: shown as one line, exit code 2. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

/** A template has errors, which were reported already; exit code 1. */
export class InvalidPipelineError extends Error {
  override readonly name: string = 'InvalidPipelineError';
}
