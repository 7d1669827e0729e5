import { DaybreakError } from './errors.ts';

/** A process that helps the compiler was killed twice. The machine is at fault, or what runs on it. */
export class HelperDiedError extends DaybreakError {
  override readonly name = 'HelperDiedError';
  readonly code = 'HELPER_DIED';
  readonly exitCode = 2;

  /** `work` follows "the process that". */
  constructor(work: string, how: string) {
    super(
      `the process that ${work} ended twice before it had answered (${how}). A machine short of memory kills such processes: end other programs, then try again`,
    );
  }
}
