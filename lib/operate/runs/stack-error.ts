/** A stack is not there, or is not the one that was meant. */
export class StackError extends Error {
  override readonly name = 'StackError';
}
