import { carriesAnother } from '../../contract/error-names.ts';
import type { Failure } from '../../contract/records/failure.ts';
import { readTryAgain } from '../../contract/try-again.ts';

/** Longest cause that a record keeps, in characters: enough for a message with its violations, not for a dump. */
const longestCause = 8 * 1024;

/**
 * A failure that Step Functions caught, for people: Lambda's cause is JSON with `errorMessage` and `trace` inside, other causes are plain text. A message that does not say what to
 * change gets a hint.
 */
export function readFailure(caught: {
  readonly Error?: string | undefined;
  readonly Cause?: string | undefined;
}): Failure {
  const { message, trace } = lambdaError(caught.Cause ?? '');
  const { error, cause } = real((caught.Error || 'Error').toWellFormed(), message);
  const place = placeIn(trace);
  const causedBy = trace.flatMap((line) => /^caused by (.*)$/.exec(line)?.[1] ?? []);
  return {
    error,
    cause: withHint(cut(cause)),
    ...(place !== null && { thrown_at: place }),
    ...(causedBy.length > 0 && { caused_by: causedBy }),
  };
}

/** The error behind a name that only steers the machine. */
function real(error: string, cause: string): Failure {
  if (!carriesAnother(error)) return { error, cause };
  const [, name, message] = /^([^\s:]+): (.*)$/s.exec(readTryAgain(cause)?.text ?? cause) ?? [];
  return name === undefined || message === undefined ? { error, cause } : { error: name, cause: message };
}

/** Texts that a record can hold: an error may hold half of a character. */
function lambdaError(cause: string): { readonly message: string; readonly trace: readonly string[] } {
  try {
    const parsed = JSON.parse(cause) as { errorMessage?: unknown; trace?: unknown } | null;
    if (parsed?.errorMessage !== undefined) {
      const trace = Array.isArray(parsed.trace)
        ? parsed.trace.flatMap((line) => String(line).toWellFormed().split('\n'))
        : [];
      return { message: String(parsed.errorMessage).toWellFormed(), trace };
    }
  } catch {
    // Not JSON: a time-out's or the service's own text.
  }
  return { message: cause.toWellFormed(), trace: [] };
}

/** The first frame that is in the author's code. */
function placeIn(trace: readonly string[]): string | null {
  for (const line of trace) {
    const [, place] = /^\s+at (?:.*\()?([^()\s]+:\d+:\d+)\)?$/.exec(line) ?? [];
    if (place !== undefined && !/node:|node_modules[/\\]|\/lib\/(runtime|offline)\//.test(place))
      return place.replace('file://', '');
  }
  return null;
}

/** Messages of Lambda that name no key of the template, and the key that they are about. */
const hints: readonly (readonly [message: RegExp, hint: string])[] = [
  [/Task timed out after [\d.]+ seconds$/, "the step's key `timeout` sets this limit"],
  [/signal: killed$/, "most likely it needs more memory: the step's key `memory_mb` sets the limit"],
  [/memory_mb is \d+$/, 'a larger `memory_mb` of the step gives it more'],
  [/ephemeral_storage_mb is \d+$/, 'a larger `ephemeral_storage_mb` of the step gives it more'],
];

function withHint(cause: string): string {
  const [, hint] = hints.find(([message]) => message.test(cause)) ?? [];
  return hint === undefined ? cause : `${cause}; ${hint}`;
}

/** Not in the middle of a word. */
function cut(text: string): string {
  if (text.length <= longestCause) return text;
  const end = text.lastIndexOf(' ', longestCause);
  return `${text.slice(0, end > longestCause / 2 ? end : longestCause).toWellFormed()}… (cut)`;
}
