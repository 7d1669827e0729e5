import { DaybreakError } from '../../contract/errors.ts';

/** A mistake in the arguments of the command line. */
export class UsageError extends DaybreakError {
  override readonly name: string = 'UsageError';
  readonly code = 'USAGE';
  readonly exitCode = 2;
}

/** A template has errors, which were already reported. */
export class InvalidPipelineError extends DaybreakError {
  override readonly name: string = 'InvalidPipelineError';
  readonly code = 'INVALID_PIPELINE';
  readonly exitCode = 1;
}
