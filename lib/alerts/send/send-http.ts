import { PermanentError, PlatformError } from '../../contract/errors.ts';
import type { HttpMessage } from '../vendors/http-message.ts';

/** The receiver has refused a message for good: its address, key or channel is wrong. Sending it again cannot help. */
export class AlertRefusedError extends PermanentError {
  override readonly name: string = 'AlertRefused';
  /** The HTTP status, or the code with which the receiver explains itself. */
  readonly answer: string;

  constructor(message: string, answer: string) {
    super(message);
    this.answer = answer;
  }
}

/** The receiver did not take a message after all tries. A later try may succeed. */
export class AlertNotTakenError extends PlatformError {
  override readonly name: string = 'AlertNotTaken';
}

export interface SendOptions {
  /** Name of the receiver for errors. Never its address: that of a webhook is a secret. */
  readonly receiver: string;
  /** The thing that is sent, for errors; `alert` by default. */
  readonly what?: string;
  readonly fetch?: typeof fetch;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Returns the reason why an answer with status 2xx is no success, or null. */
  readonly complaint?: (body: string) => Complaint | null;
  /** Milliseconds until a try counts as failed. */
  readonly timeOutMs?: number;
}

/** A refusal in the body of an answer. A transient one may pass. */
export interface Complaint {
  readonly reason: string;
  readonly transient: boolean;
}

const tries = 4;
/** A receiver that asks for more patience than this gets the message with the next invocation. */
const longestRest = 20_000;
const answerLimit = 64 * 1024;

type Try = { readonly body: string } | { readonly why: string; readonly restMs: number | null };

/**
 * Sends a message, and returns the body of the answer. It repeats after 408, 429, 5xx, broken connections and silence, and rests as long as Retry-After asks. It follows no
 * redirect: the address and the head may hold secrets. Throws AlertRefusedError for every other status, and AlertNotTakenError after four tries.
 */
export async function sendHttp(message: HttpMessage, options: SendOptions): Promise<string> {
  const { receiver, what = 'alert' } = options;
  let why = '';
  for (let count = 1; count <= tries; count += 1) {
    const result = await tryOnce(message, options);
    if ('body' in result) return result.body;
    why = result.why;
    const rest = result.restMs ?? 500 * 3 ** (count - 1);
    if (rest > longestRest) {
      const seconds = Math.ceil(rest / 1000);
      throw new AlertNotTakenError(`${receiver} did not take the ${what}: ${why}; it asks for ${seconds} s of rest`);
    }
    if (count < tries) await options.pause(rest);
  }
  throw new AlertNotTakenError(`${receiver} did not take the ${what} in ${tries} tries: ${why}`);
}

async function tryOnce(message: HttpMessage, options: SendOptions): Promise<Try> {
  const { fetch: send = fetch, timeOutMs = 10_000, receiver, what = 'alert' } = options;
  let answer: Response;
  let body: string;
  try {
    const { url, method, headers } = message;
    const signal = AbortSignal.timeout(timeOutMs);
    answer = await send(url, { method, headers, body: message.body, redirect: 'manual', signal });
    body = await beginning(answer);
  } catch (error) {
    return { why: networkReason(error, timeOutMs), restMs: null };
  }
  if (answer.ok) {
    const complaint = options.complaint?.(body) ?? null;
    if (complaint === null) return { body };
    const { reason, transient } = complaint;
    if (transient) return { why: reason, restMs: retryAfter(answer.headers.get('retry-after')) };
    throw new AlertRefusedError(`${receiver} refused the ${what}: ${reason}`, reason);
  }
  const why = `HTTP ${answer.status}${spoken(body)}`;
  if (isTransient(answer.status)) return { why, restMs: retryAfter(answer.headers.get('retry-after')) };
  throw new AlertRefusedError(`${receiver} refused the ${what}: ${why}`, String(answer.status));
}

const isTransient = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Milliseconds of a Retry-After header, in either of its forms; null if there is none. */
function retryAfter(header: string | null): number | null {
  if (header === null) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}

async function beginning(answer: Response): Promise<string> {
  const reader = answer.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let read = 0; reader && read < answerLimit; ) {
    const { done, value } = await reader.read();
    if (done) return text;
    read += value.byteLength;
    text += decoder.decode(value, { stream: true });
  }
  await reader?.cancel();
  return text;
}

/** A vendor's error is one short line. Longer answers are pages of a proxy, which help no one. */
const spoken = (body: string): string => (/^[\x20-\x7e]{1,200}$/.test(body.trim()) ? ` (${body.trim()})` : '');

function networkReason(error: unknown, timeOutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${timeOutMs / 1000} s`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  return `the connection failed (${code})`;
}
