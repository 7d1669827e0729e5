/** An execution cannot be redriven; the message says why, and what can be done instead. */
export class NotRedrivableError extends Error {
  override readonly name = 'NotRedrivableError';
}
