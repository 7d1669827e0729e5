import type { Json } from '../../contract/json.ts';
import { StateFailure } from './state-failure.ts';

/** Bytes of JSON that an input, a result, arguments or an output may have (quota of Step Functions). */
const largestPayload = 256 * 1024;

/** Bytes of JSON that all variables of an execution may have together. */
export const largestVariables = 10 * 1024 * 1024;

/** Events after which Step Functions ends an execution. */
export const longestHistory = 25_000;

/** Largest number of seconds that a Wait, a time-out or an interval may have. */
export const mostSeconds = 99_999_999;

/** Iterations of an inline Map that run side by side at most. */
export const mostIterations = 40;

/** Fails with States.DataLimitExceeded when `value` is larger than a payload may be. */
export function checkSize(value: Json, what: string): void {
  if (!isSmall(value) && Buffer.byteLength(JSON.stringify(value)) > largestPayload) {
    throw new StateFailure(
      'States.DataLimitExceeded',
      `${what} has a size exceeding the maximum number of bytes service limit (${largestPayload}).`,
    );
  }
}

/** True for values that need no measuring, which most payloads are. Measuring would serialise them. */
const isSmall = (value: Json): boolean =>
  typeof value === 'string' ? value.length < largestPayload / 8 : typeof value !== 'object' || value === null;
