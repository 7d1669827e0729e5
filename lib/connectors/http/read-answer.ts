import { PermanentError, RetryableError } from '../../contract/errors.ts';
import { charsetOf } from '../../exact/charset-of.ts';
import { decodeText } from '../../exact/decode-text.ts';
import type { ExactJson } from '../../exact/json.ts';
import { readExactJson } from '../../exact/read-json.ts';
import { ReadProblem } from '../../exact/read-problem.ts';
import { isCutOff } from './is-cut-off.ts';

/** An answer is in memory as a whole, several times over while it is read. */
const mostBytes = 64 * 1024 * 1024;

/** Where an answer comes from: `what` names it in errors. */
export interface AnswerPlace {
  readonly what: string;
  readonly signal: AbortSignal;
}

/** Answers with a status of success that have no body. */
export function hasNoContent({ status }: Response): boolean {
  return status === 204 || status === 205;
}

/**
 * The JSON of an answer, with every number exact. An answer that another attempt may bring whole is a RetryableError: one that breaks off, is empty, ends before its JSON does, or is a web page (of
 * maintenance, say). Other answers that are not JSON are PermanentErrors.
 */
export async function readAnswer(response: Response, place: AnswerPlace): Promise<ExactJson> {
  const { what } = place;
  const bytes = await readBytes(response, place);
  const contentType = response.headers.get('content-type');
  if (bytes.length === 0) throw new RetryableError(`${what} is empty, although its status is ${response.status}`);
  if (isWebPage(contentType, bytes))
    throw new RetryableError(
      `${what} is a web page (${contentType ?? 'no content type'}) instead of JSON, as during maintenance; if it stays so, look at the address and the login`,
    );
  try {
    return readExactJson(decodeText(bytes, charsetOf(contentType)));
  } catch (error) {
    if (!(error instanceof ReadProblem)) throw error;
    const text = bytes.toString('utf8');
    if (isCutOff(text))
      throw new RetryableError(`${what} is cut off: it ends after ${bytes.length} bytes, before its JSON does`, {
        cause: error,
      });
    const beginning = JSON.stringify(text.slice(0, 80));
    throw new PermanentError(
      `${what} is not JSON (${contentType ?? 'no content type'}): ${error.message}; it begins with ${beginning}`,
      { cause: error },
    );
  }
}

/** The bytes of a body, at most 64 MB. */
export async function readBytes(response: Response, { what, signal }: AnswerPlace): Promise<Buffer> {
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
    throw new PermanentError(`${what} is larger than ${mostBytes / 1024 / 1024} MB: ask for smaller pages`);
  return Buffer.concat(chunks);
}

/** Gateways and login pages answer so with 200. */
export function isWebPage(contentType: string | null, bytes: Uint8Array): boolean {
  const beginning = Buffer.from(bytes.subarray(0, 100)).toString('latin1');
  return /^\s*(?:text\/html|application\/xhtml)/i.test(contentType ?? '') || /^(?:\xef\xbb\xbf)?\s*</.test(beginning);
}
