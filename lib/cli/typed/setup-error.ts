/** The module that `local.setup` names could not start what the handlers need; exit code 1. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
