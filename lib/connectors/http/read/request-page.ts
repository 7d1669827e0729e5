import { PermanentError, RetryableError, ValidationError } from '../../../contract/errors.ts';
import { RefusedError } from '../../../runtime/fetch/judge-answer.ts';
import { headersFor, howToAllow, originTrust } from '../../../runtime/fetch/origin-trust.ts';
import { bodyJson } from '../../../runtime/fetch/read-body.ts';
import type { Step } from '../../../runtime/step.ts';
import { bearerToken } from '../bearer-token.ts';
import { readAnswer } from '../read-answer.ts';
import { requestPace } from '../request-pace.ts';
import type { HttpSource } from './http-source.ts';

/** Statuses of success without a body. */
const noContent = new Set([204, 205]);

/** A page as it came. */
interface RawPage {
  readonly json: unknown;
  readonly headers: Headers;
}

/** A page to read; `what` names it in errors. */
interface PageRequest {
  readonly url: URL;
  readonly what: string;
  /** True if this status means that the page does not exist because the last one was read. */
  isEnd(status: number): boolean;
}

/** Reads one page; null if there is none, because the API says so or sends no content (204). */
export type ReadPageAt = (page: PageRequest) => Promise<RawPage | null>;

/** Sends the requests of a source at its pace, with its headers and token, within the origins that it allows. */
export function pageReader<Body, Item>(
  step: Pick<Step, 'fetch' | 'signal'>,
  source: HttpSource<Body, Item>,
  begin: URL,
): ReadPageAt {
  const pace = requestPace(source.requestsPerSecond, step.signal);
  const authorization = bearerToken(source.token);
  const trustIn = originTrust(begin, source.allowedOrigins);

  const send = async ({ url, what }: PageRequest, authorized: Record<string, string>): Promise<RawPage | null> => {
    const trust = trustIn(url);
    if (trust === 'nothing')
      throw new ValidationError(
        `${what} is at ${url.origin}, and the token and the rows stay at ${begin.origin}; ${howToAllow(url)}`,
      );
    const headers = new Headers({ accept: 'application/json', ...source.headers, ...authorized });
    // A page at another origin may lead back.
    const allowedOrigins = [...(source.allowedOrigins ?? []), begin.origin];
    const response = await step.fetch(url, { headers: headersFor(trust, headers), allowedOrigins });
    checkStatus(response, what);
    if (noContent.has(response.status)) return null;
    const body = await readAnswer(response, { what, signal: step.signal });
    return { json: bodyJson(body), headers: response.headers };
  };

  return (page) =>
    pace.request(async () => {
      try {
        return await authorization.with((authorized) => send(page, authorized));
      } catch (error) {
        if (error instanceof RefusedError && page.isEnd(error.status)) return null;
        throw error;
      }
    });
}

function checkStatus({ status }: Response, what: string): void {
  if (status === 202) throw new RetryableError(`${what} is not ready yet (202 Accepted)`);
  if (status >= 300) throw new PermanentError(`${what} answered ${status}, which is no page`);
}
