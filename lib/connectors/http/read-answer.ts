import { PermanentError, RetryableError } from '../../contract/errors.ts';
import type { Body } from '../../runtime/fetch/read-body.ts';

/** Limit of an answer's size: an answer is in memory as a whole, several times over while it is read. */
const mostBytes = 64 * 1024 * 1024;

/** The source of an answer; `what` names it in errors. */
interface AnswerSource {
  readonly what: string;
  readonly signal: AbortSignal;
}

/** The body of an answer, at most 64 MB. A body that breaks off is a RetryableError. */
export async function readAnswer(response: Response, { what, signal }: AnswerSource): Promise<Body> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > mostBytes) break;
      chunks.push(chunk);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RetryableError) throw error;
    throw new RetryableError(`${what} broke off after ${bytes} bytes`, { cause: error });
  }
  if (bytes > mostBytes)
    throw new PermanentError(`${what} is larger than ${mostBytes / 1024 / 1024} MB: ask for less at a time`);
  return { what, contentType: response.headers.get('content-type'), bytes: Buffer.concat(chunks) };
}
