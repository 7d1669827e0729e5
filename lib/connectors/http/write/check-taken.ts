import { PermanentError, RetryableError } from '../../../contract/errors.ts';
import { withoutSecrets } from '../../../runtime/fetch/outgoing-request.ts';
import { type Body, bodyJson, isWebPage } from '../../../runtime/fetch/read-body.ts';
import type { AnyRow } from '../../row-batches.ts';
import { readAnswer } from '../read-answer.ts';
import type { HttpTarget } from './http-target.ts';
import { refusalIn } from './refusal-in.ts';

/** The batch that an answer is about. */
interface Sending {
  readonly rows: readonly AnyRow[];
  readonly target: HttpTarget;
  readonly signal: AbortSignal;
}

/**
 * Throws unless an answer says that the API took the batch. An incomplete answer is a RetryableError: the batch is sent again with the same key. A refusal is a
 * PermanentError, or the error that the target's `judge` throws.
 */
export async function checkTaken(response: Response, { rows, target, signal }: Sending): Promise<void> {
  const { status, headers } = response;
  const address = withoutSecrets(new URL(target.url));
  const what = `the answer to ${target.method ?? 'POST'} ${address}`;
  if (status >= 300) throw new PermanentError(`${what} is ${status}, which does not say that the rows were taken`);
  const answer = await readAnswer(response, { what, signal });
  if (isWebPage(answer))
    throw new RetryableError(
      `${what} is a web page, as during maintenance; if it stays so, look at the address and the login`,
    );
  const body = readable(answer);
  const refusal = await (target.judge ?? refusalIn)({ status, headers, body, rows });
  if (typeof refusal === 'string')
    throw new PermanentError(`${what} is ${status}, but does not say that the rows were taken: ${refusal}`);
}

/** The answer as a judge reads it: JSON, or a text, since many APIs answer "OK". */
function readable(answer: Body): unknown {
  if (answer.bytes.length === 0) return null;
  try {
    return bodyJson(answer);
  } catch (error) {
    if (error instanceof RetryableError) throw error;
    return Buffer.from(answer.bytes).toString('utf8');
  }
}
