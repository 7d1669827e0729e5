import { DaybreakError } from '../../contract/errors.ts';

/** A mistake in how the command line was used. */
export class UsageError extends DaybreakError {
  override readonly name: string = 'UsageError';
  readonly code = 'USAGE';
  readonly exitCode = 2;
}

/** A template has errors, which were reported already. */
export class InvalidPipelineError extends DaybreakError {
  override readonly name: string = 'InvalidPipelineError';
  readonly code = 'INVALID_PIPELINE';
  readonly exitCode = 1;
}
