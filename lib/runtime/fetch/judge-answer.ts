import { PermanentError, RetryableError } from '../../contract/errors.ts';
import type { Answer } from './exchange.ts';
import { isLimitUsedUp, wantedRest } from './wanted-rest.ts';

/** Answers below 500 after which trying again may help: the server's own time-out, an answer that came too early, too many requests. */
const retryable = new Set([408, 425, 429]);

/** An answer that another attempt would not change. */
export class RefusedError extends PermanentError {
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/**
 * Throws for an answer of 400 and above: a RetryableError, with the rest that the server asks for, where another attempt may help, else a RefusedError. `what` is the request, and `now` is in
 * milliseconds.
 */
export async function judgeAnswer(answer: Answer, what: string, now: number): Promise<void> {
  const { status, statusText, headers } = answer;
  if (status >= 200 && status < 400) return;
  const message = `${what} answered ${status} ${statusText.slice(0, 100)}`.trim();
  const isTransient = await mayPass(answer, now);
  answer.discard();
  if (!isTransient) throw new RefusedError(message, status);
  const rest = wantedRest(headers, now);
  if (rest === null) throw new RetryableError(message);
  throw new RetryableError(`${message}; it asks for a pause of ${rest} s`, { retryAfter: rest });
}

async function mayPass(answer: Answer, now: number): Promise<boolean> {
  const { status, headers } = answer;
  if (retryable.has(status) || (status >= 500 && status < 600)) return true;
  if (status < 400 || status === 401) return false;
  if (headers.has('retry-after') && wantedRest(headers, now) !== null) return true;
  // GitHub, Google and others answer so to too many requests.
  return status === 403 && (isLimitUsedUp(headers) || /rate.?limit|too many requests/i.test(await beginning(answer)));
}

/** The beginning of a body is enough to see what it is about. */
const mostCharacters = 4_096;
const patienceSeconds = 5;

async function beginning({ body, discard }: Answer): Promise<string> {
  const impatient = setTimeout(discard, patienceSeconds * 1000);
  let text = '';
  try {
    for await (const chunk of body) {
      text += Buffer.from(chunk).toString('latin1');
      if (text.length >= mostCharacters) break;
    }
  } catch {
    // The part that came is judged.
  } finally {
    clearTimeout(impatient);
  }
  return text;
}
