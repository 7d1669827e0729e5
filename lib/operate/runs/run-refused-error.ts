/** A run was not started: another execution has it, or its scheduled time was already served. */
export class RunRefusedError extends Error {
  override readonly name = 'RunRefusedError';
}
