/** `step.fetch`: an HTTP client that throws the errors that the retriers need. */
import { type Answer, exchange } from './exchange.ts';
import { followRedirect, mostRedirects, redirectsInCircles } from './follow-redirect.ts';
import { judgeAnswer } from './judge-answer.ts';
import { type AllowedOrigin, originTrust } from './origin-trust.ts';
import { describeRequest, type OutgoingRequest, outgoingRequest } from './outgoing-request.ts';
import { strictResponse } from './strict-response.ts';

/** The options of `step.fetch`. `redirect: 'manual'` gives a redirect as an answer, `'error'` refuses every one. */
export interface FetchInit extends RequestInit {
  /** Other origins that redirects may lead to, such as "https://files.example.com". */
  readonly allowedOrigins?: readonly AllowedOrigin[];
}

/** The surroundings of a request: `now` is in milliseconds, for a Retry-After that is a date. */
export interface FetchContext {
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** Answers without a body. */
const bodiless = new Set([204, 205, 304]);

/** Sends a request, follows redirects where they are safe, and gives an answer below 400. */
export async function fetchOverHttp(
  url: string | URL,
  init: FetchInit,
  { signal, now }: FetchContext,
): Promise<Response> {
  const { allowedOrigins, ...standard } = init;
  const first = await outgoingRequest(url, standard);
  const either = init.signal ? AbortSignal.any([signal, init.signal]) : signal;
  const trustIn = init.redirect === 'error' ? () => 'nothing' as const : originTrust(first.url, allowedOrigins);
  let request = first;
  for (let hops = 0; ; hops += 1) {
    const answer = await exchange(request, either);
    const next = init.redirect === 'manual' ? null : following(request, answer, trustIn);
    if (next === null) {
      await judgeAnswer(answer, describeRequest(request.method, request.url), now());
      return responseOf(request, answer, hops > 0);
    }
    if (hops === mostRedirects) throw redirectsInCircles(first);
    request = next;
  }
}

/** The next request of a redirect. Its answer's body is of no use. */
function following(...[request, answer, trustIn]: Parameters<typeof followRedirect>): OutgoingRequest | null {
  try {
    const next = followRedirect(request, answer, trustIn);
    if (next !== null) answer.discard();
    return next;
  } catch (error) {
    answer.discard();
    throw error;
  }
}

function responseOf({ url, method }: OutgoingRequest, answer: Answer, redirected: boolean): Response {
  const { status, statusText, headers } = answer;
  const isBodiless = method === 'HEAD' || bodiless.has(status);
  if (isBodiless) answer.discard();
  const body = isBodiless ? null : ReadableStream.from(answer.body);
  const response = new Response(body, { status, statusText, headers });
  // The constructor has no word for either.
  const { href } = url;
  return strictResponse(Object.defineProperties(response, { url: { value: href }, redirected: { value: redirected } }));
}
