import { DaybreakError } from '../../contract/errors.ts';

/** Templates that cannot be deployed. The message has every mistake with its place. */
export class PipelineError extends DaybreakError {
  override readonly name = 'PipelineError';
  readonly code = 'PIPELINE';
  readonly exitCode = 1;
}
