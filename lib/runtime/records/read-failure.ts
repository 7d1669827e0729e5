import { carriesAnother } from '../../contract/error-names.ts';
import type { Failure } from '../../contract/records.ts';

/** Longest cause that a record keeps, in characters: enough for a message with its violations, not for a dump. */
const longestCause = 8 * 1024;

/**
 * What Step Functions caught, as a person reads it: Lambda's cause is JSON with `errorMessage` inside, and the stack is in the log; other causes are plain text.
 */
export function readFailure(caught: {
  readonly Error?: string | undefined;
  readonly Cause?: string | undefined;
}): Failure {
  const { error, cause } = real(caught.Error || 'Error', messageIn(caught.Cause ?? ''));
  return { error, cause: cause.length > longestCause ? `${cause.slice(0, longestCause)}… (cut)` : cause };
}

/** The error behind a name that only steers the retriers. */
function real(error: string, cause: string): Failure {
  const [, name, message] = (carriesAnother(error) && /^([^\s:]+): (.*)$/s.exec(cause)) || [];
  return name === undefined || message === undefined ? { error, cause } : { error: name, cause: message };
}

function messageIn(cause: string): string {
  try {
    const parsed: unknown = JSON.parse(cause);
    if (typeof parsed === 'object' && parsed !== null && 'errorMessage' in parsed) return String(parsed.errorMessage);
  } catch {
    // Not JSON: a time-out's or the service's own text.
  }
  return cause;
}
