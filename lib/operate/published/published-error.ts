import { DaybreakError } from '../../contract/errors.ts';

/** A version cannot be read, rolled back to, or withdrawn: there is none, it was removed, or a person withdrew it. */
export class PublishedError extends DaybreakError {
  override readonly name = 'PublishedError';
  readonly code = 'NOT_PUBLISHED';
  readonly exitCode = 1;
}
