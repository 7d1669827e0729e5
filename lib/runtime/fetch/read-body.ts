import { PermanentError, RetryableError } from '../../contract/errors.ts';
import { charsetOf } from '../../exact/charset-of.ts';
import { decodeText } from '../../exact/decode-text.ts';
import type { ExactJson } from '../../exact/json.ts';
import { quotedValue } from '../../exact/quoted-value.ts';
import { readExactJson } from '../../exact/read-json.ts';
import { ReadProblem } from '../../exact/read-problem.ts';
import { isCutOff } from './is-cut-off.ts';

/** A body that came whole. */
export interface Body {
  /** Names the answer in errors. */
  readonly what: string;
  readonly contentType: string | null;
  readonly bytes: Uint8Array;
}

/** The text of a body, in the charset of its content type, or in UTF-8. Bytes that the charset does not have are a PermanentError: none becomes U+FFFD. */
export function bodyText({ what, contentType, bytes }: Body): string {
  try {
    return decodeText(bytes, charsetOf(contentType));
  } catch (error) {
    if (!(error instanceof ReadProblem)) throw error;
    throw new PermanentError(`${what} is not text in its charset: ${error.message}`, { cause: error });
  }
}

/**
 * The JSON of a body, with every number exact. A body that may be whole at another attempt is a RetryableError: it is empty, ends inside its JSON, or is a web page
 * (of maintenance, say). Any other body that is not JSON is a PermanentError.
 */
export function bodyJson(body: Body): ExactJson {
  const { what, contentType, bytes } = body;
  const type = contentType ?? 'no content type';
  if (bytes.length === 0) throw new RetryableError(`${what} is empty, and not JSON`);
  if (isWebPage(body))
    throw new RetryableError(
      `${what} is a web page (${type}) instead of JSON, as during maintenance; if it stays so, look at the address and the login`,
    );
  try {
    return readExactJson(decodeText(bytes, charsetOf(contentType)));
  } catch (error) {
    if (!(error instanceof ReadProblem)) throw error;
    const text = Buffer.from(bytes).toString('utf8');
    if (isCutOff(text))
      throw new RetryableError(`${what} is cut off: it ends after ${bytes.length} bytes, before its JSON does`, {
        cause: error,
      });
    const beginning = quotedValue(text);
    throw new PermanentError(
      `${what} cannot be read as JSON (${type}): ${error.message}; it begins with ${beginning}`,
      { cause: error },
    );
  }
}

/** Elements of HTML; XML may be an answer of the API itself. */
const html = /<(?:!doctype\s+html|html|head|body|title|center|div|h\d|p)\b/i;

/** Gateways and login pages answer so with 200. */
export function isWebPage({ contentType, bytes }: Omit<Body, 'what'>): boolean {
  if (/^\s*(?:text\/html|application\/xhtml)/i.test(contentType ?? '')) return true;
  const beginning = Buffer.from(bytes.subarray(0, 1_000)).toString('latin1');
  return /^(?:\xef\xbb\xbf)?\s*</.test(beginning) && html.test(beginning);
}
