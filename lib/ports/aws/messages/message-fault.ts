import { PermanentError, type PlatformError } from '../../../contract/errors.ts';
import { awsFault, faultName, faultStatus } from '../aws-faults.ts';

/** Answers with status 4xx that a later try may turn into a success. */
const transient = /Throttl|TooManyRequests|LimitExceeded|RequestTimeout|RequestExpired/i;

/** Returns the error of a message that AWS did not take: a PermanentError if the message, the address or the right is wrong. */
export function messageFault(error: unknown, doing: string): PermanentError | PlatformError {
  const status = faultStatus(error);
  const fault = awsFault(error, doing);
  const isOurs = status !== null && status >= 400 && status < 500 && !transient.test(faultName(error) ?? '');
  return isOurs ? new PermanentError(fault.message, { cause: error }) : fault;
}
