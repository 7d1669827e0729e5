/**
 * The error by which a step asks for its next attempt after a delay that Step Functions' retriers cannot count: Retry-After, linear and fibonacci growth. The machine catches
 * it, waits, and enters the step again. Its text tells people what happened, and carries what the machine and the next attempt have to know.
 */
export interface TryAgain {
  /** Whole seconds, at least 1. */
  readonly seconds: number;
  /** The attempt that ended. */
  readonly attempt: number;
  /** The number of times that the machine has come back into the step, this time included: after a yield or after a delay. */
  readonly entry: number;
}

/** `again after 30 s (attempt 2, entry 1): RetryableError: busy`. */
export function tryAgainText({ seconds, attempt, entry }: TryAgain, text: string): string {
  return `again after ${seconds} s (attempt ${attempt}, entry ${entry}): ${text}`;
}

const form = /again after (\d+) s \(attempt (\d+), entry (\d+)\): (.*)/s;

/** Reads the text, or the JSON that Lambda makes of it, which may be cut at its end. Null for any other text. */
export function readTryAgain(cause: string): (TryAgain & { readonly text: string }) | null {
  const [, seconds, attempt, entry, text = ''] = form.exec(cause) ?? [];
  return seconds === undefined
    ? null
    : { seconds: Number(seconds), attempt: Number(attempt), entry: Number(entry), text };
}

/** The seconds, as JSONata over the error that a state has as its input. */
export const secondsToWait = "$number($split($split($states.input.Cause,'again after ')[1],' ')[0])";
