/** A pipeline that compiles and runs, but cannot be run by the bench. */
export class SubjectError extends Error {
  override readonly name = 'SubjectError';
}
