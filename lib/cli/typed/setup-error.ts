import { DaybreakError } from '../../contract/errors.ts';

/** The module of `local.setup` failed to start the services that the handlers need. */
export class SetupError extends DaybreakError {
  override readonly name = 'SetupError';
  readonly code = 'LOCAL_SETUP_FAILED';
  readonly exitCode = 1;
}
