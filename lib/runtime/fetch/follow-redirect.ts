import { PermanentError } from '../../contract/errors.ts';
import type { Answer } from './exchange.ts';
import { RefusedError } from './judge-answer.ts';
import { headersFor, howToAllow, isLinkLocal, type Trust } from './origin-trust.ts';
import { describeRequest, type OutgoingRequest, withoutSecrets } from './outgoing-request.ts';

/** Redirects; 300 leaves the choice to a person, and 304 is an answer. */
const redirects = new Set([301, 302, 303, 307, 308]);

/** Redirects that keep method and body. */
const keeping = new Set([307, 308]);

/**
 * The request that a redirect asks for; null if the answer is no redirect. It stays in trusted origins. A request that changes something follows 307 and 308 only: after the others a client
 * repeats it as a GET without its body.
 */
export function followRedirect(
  request: OutgoingRequest,
  answer: Answer,
  trustIn: (target: URL) => Trust,
): OutgoingRequest | null {
  const { status, statusText, headers } = answer;
  if (!redirects.has(status)) return null;
  const what = `${describeRequest(request.method, request.url)} answered ${status} ${statusText.slice(0, 100)}`.trim();
  const location = headers.get('location');
  const target = location === null ? null : URL.parse(location, request.url.href);
  if (target === null) throw new RefusedError(`${what} without an address to go to`, status);
  const refused = (why: string) =>
    new RefusedError(`${what}, which leads to ${withoutSecrets(target)}: ${why}`, status);
  const trust = trustIn(target);
  if (isLinkLocal(target)) throw refused('a link-local address is never followed');
  if (trust === 'nothing') throw refused(`requests do not leave ${request.url.origin}; ${howToAllow(target)}`);
  if (target.username !== '' || target.password !== '') throw refused('it holds a user name or password');
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (!isRead && !keeping.has(status))
    throw refused(`following it would turn the ${request.method} into a GET without its body; send to that address`);
  if (request.body !== null && !Buffer.isBuffer(request.body))
    throw refused('its body is a stream, which cannot be sent again; send to that address');
  return { ...request, url: target, headers: headersFor(trust, request.headers) };
}

/** More than any server needs. */
export const mostRedirects = 10;

/** The error after too many redirects. */
export function redirectsInCircles(request: OutgoingRequest): PermanentError {
  const what = describeRequest(request.method, request.url);
  return new PermanentError(`${what} was redirected more than ${mostRedirects} times: it goes in circles`);
}
