/** `step.fetch`: an HTTP client whose failures already are what the retriers need. */
import { PermanentError, RetryableError } from '../../contract/errors.ts';

/** Answers after which trying again may help, besides 5xx: the server's own time-out, and too many requests. */
const retryable = new Set([408, 429]);

/** An answer that another attempt would not change. */
export class RefusedError extends PermanentError {
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** Sends a request and gives an answer below 400; `now` is needed for Retry-After as a date. */
export async function fetchOverHttp(
  url: string | URL,
  init: RequestInit,
  { signal, now }: { readonly signal: AbortSignal; readonly now: () => number },
): Promise<Response> {
  const what = `${init.method ?? 'GET'} ${withoutSecrets(url)}`;
  const signals = init.signal ? [signal, init.signal] : [signal];
  let response: Response;
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.any(signals) });
  } catch (error) {
    if (error instanceof TypeError && !URL.canParse(String(url))) throw new PermanentError(`${what}: not a URL`);
    throw new RetryableError(`${what} got no answer: ${reasonOf(error)}`, { cause: error });
  }
  const { status, statusText, headers } = response;
  if (status < 400) return response;
  await response.body?.cancel();
  const message = `${what} answered ${status} ${statusText}`.trim();
  if (status < 500 && !retryable.has(status)) throw new RefusedError(message, status);
  const retryAfter = secondsOf(headers.get('retry-after'), now());
  if (retryAfter === null) throw new RetryableError(message);
  throw new RetryableError(`${message}; it wants to be left alone for ${retryAfter} s`, { retryAfter });
}

/** Retry-After in seconds, from a number or an HTTP date; null when there is none. */
function secondsOf(text: string | null, now: number): number | null {
  if (text === null || text.trim() === '') return null;
  const seconds = /^\d+$/.test(text.trim()) ? Number(text) : Math.ceil((Date.parse(text) - now) / 1000);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

/** Where the request went, without user, password, query and fragment: tokens travel there. */
function withoutSecrets(url: string | URL): string {
  if (!URL.canParse(String(url))) return JSON.stringify(String(url).slice(0, 100));
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** Undici hides why a connection broke in the cause. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string };
  return cause?.code ?? cause?.message ?? message ?? String(error);
}
