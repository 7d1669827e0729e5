import { DaybreakError } from '../../contract/errors.ts';

/** A run was not started: another execution holds it, or its scheduled time was already served. */
export class RunRefusedError extends DaybreakError {
  override readonly name = 'RunRefusedError';
  readonly code = 'RUN_REFUSED';
  readonly exitCode = 1;
}
