import { DaybreakError } from '../../contract/errors.ts';

/** A run was not stopped: this command cannot reach the process that works on it. */
export class StopRefusedError extends DaybreakError {
  override readonly name = 'StopRefusedError';
  readonly code = 'STOP_REFUSED';
  readonly exitCode = 1;
}
