import { DaybreakError } from '../../../contract/errors.ts';

/** The pipeline compiles and runs, but the fault bench cannot run it. */
export class SubjectError extends DaybreakError {
  override readonly name = 'SubjectError';
  readonly code = 'CANNOT_TEST';
  readonly exitCode = 1;
}
