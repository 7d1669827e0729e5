import { DaybreakError } from '../../contract/errors.ts';

/** The module that `local.setup` names could not start what the handlers need. */
export class SetupError extends DaybreakError {
  override readonly name = 'SetupError';
  readonly code = 'LOCAL_SETUP_FAILED';
  readonly exitCode = 1;
}
