import { DaybreakError } from '../../contract/errors.ts';

/** No stack has this name, or the stack is not a pipeline's. */
export class StackError extends DaybreakError {
  override readonly name = 'StackError';
  readonly code = 'STACK';
  readonly exitCode = 2;
}

/** No stack has this name in the region. */
export class MissingStackError extends StackError {}
