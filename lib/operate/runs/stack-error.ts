import { DaybreakError } from '../../contract/errors.ts';

/** There is no stack of this name, or it is not the stack of a pipeline. */
export class StackError extends DaybreakError {
  override readonly name = 'StackError';
  readonly code = 'STACK';
  readonly exitCode = 2;
}
