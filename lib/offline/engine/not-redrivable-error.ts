import { DaybreakError } from '../../contract/errors.ts';

/** An execution cannot be redriven. The message gives the reason and another way to continue the run. */
export class NotRedrivableError extends DaybreakError {
  override readonly name = 'NotRedrivableError';
  readonly code = 'NOT_REDRIVABLE';
  readonly exitCode = 1;
}
