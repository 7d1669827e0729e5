import { PermanentError, RetryableError } from '../../../contract/errors.ts';
import { charsetOf } from '../../../exact/charset-of.ts';
import { decodeText } from '../../../exact/decode-text.ts';
import { readExactJson } from '../../../exact/read-json.ts';
import { withoutSecrets } from '../../../runtime/fetch/outgoing-request.ts';
import type { AnyRow } from '../../row-batches.ts';
import { isCutOff } from '../is-cut-off.ts';
import { isWebPage, readBytes } from '../read-answer.ts';
import type { HttpTarget } from './http-target.ts';
import { refusalIn } from './refusal-in.ts';

/** The batch that an answer is about. */
interface Sending {
  readonly rows: readonly AnyRow[];
  readonly target: HttpTarget;
  readonly signal: AbortSignal;
}

/**
 * Throws unless an answer says that the batch was taken. An answer that is not whole is a RetryableError: the batch comes again with the same key. A refusal is a PermanentError, or what the target's
 * `judge` throws.
 */
export async function checkTaken(response: Response, { rows, target, signal }: Sending): Promise<void> {
  const { status, headers } = response;
  const address = withoutSecrets(new URL(target.url));
  const what = `the answer to ${target.method ?? 'POST'} ${address}`;
  if (status >= 300) throw new PermanentError(`${what} is ${status}, which does not say that the rows were taken`);
  const bytes = await readBytes(response, { what, signal });
  if (isWebPage(headers.get('content-type'), bytes))
    throw new RetryableError(
      `${what} is a web page, as during maintenance; if it stays so, look at the address and the login`,
    );
  const body = bodyOf(bytes, headers.get('content-type'), what);
  const refusal = await (target.judge ?? refusalIn)({ status, headers, body, rows });
  if (typeof refusal === 'string')
    throw new PermanentError(`${what} is ${status}, but does not say that the rows were taken: ${refusal}`);
}

function bodyOf(bytes: Buffer, contentType: string | null, what: string): unknown {
  if (bytes.length === 0) return null;
  try {
    return readExactJson(decodeText(bytes, charsetOf(contentType)));
  } catch (error) {
    const text = bytes.toString('utf8');
    if (isCutOff(text)) throw new RetryableError(`${what} is cut off after ${bytes.length} bytes`, { cause: error });
    // Many APIs answer "OK"; it is only looked at.
    return text;
  }
}
