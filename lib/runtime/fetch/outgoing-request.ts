import { Readable } from 'node:stream';
import { PermanentError } from '../../contract/errors.ts';
import { isLinkLocal } from './origin-trust.ts';

/** A request that can be sent; all but a stream as its body can be sent again. */
export interface OutgoingRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: Buffer | Readable | null;
}

/** Makes a request of what `fetch` takes. A mistake in it is a PermanentError. */
export async function outgoingRequest(url: string | URL, init: RequestInit): Promise<OutgoingRequest> {
  const { signal: _, ...rest } = init;
  const target = requestUrl(url);
  const what = describeRequest(init.method, target);
  let request: Request;
  try {
    request = new Request(target, { ...rest, ...(init.body instanceof ReadableStream && { duplex: 'half' }) });
  } catch (error) {
    throw new PermanentError(`${what} is not a request: ${mistakeIn(init, error)}`, { cause: error });
  }
  return { url: target, method: request.method, headers: completed(request), body: await bodyOf(request, init) };
}

/** The name of a request in errors: without user, password, query and fragment of its address, since tokens travel there. */
export function describeRequest(method: string | undefined, url: URL): string {
  return `${method?.toUpperCase() ?? 'GET'} ${withoutSecrets(url)}`;
}

/** An address as errors may show it. */
export function withoutSecrets({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

/** An address that a request may go to. */
function requestUrl(text: string | URL): URL {
  const url = URL.parse(String(text));
  if (url === null) throw new PermanentError(`${JSON.stringify(String(text).slice(0, 100))}: not a URL`);
  const shown = withoutSecrets(url);
  if (!/^https?:$/.test(url.protocol))
    throw new PermanentError(`${JSON.stringify(url.protocol)} is not http: or https:, so no request can be sent`);
  if (url.username !== '' || url.password !== '')
    throw new PermanentError(`the address ${shown} holds a user name or password; send them in a header`);
  if (isLinkLocal(url))
    throw new PermanentError(`the address ${shown} is link-local, where machines keep their credentials: use another`);
  return url;
}

/** The standard's messages quote the value of a wrong header, which may be a secret. */
function mistakeIn({ headers }: RequestInit, error: unknown): string {
  const pairs = Array.isArray(headers) ? headers : headers instanceof Headers ? [] : Object.entries(headers ?? {});
  for (const [name, value] of pairs as [string, string][]) {
    try {
      new Headers([[name, value]]);
    } catch {
      return `the header ${JSON.stringify(name)} has a name or a value that HTTP does not allow`;
    }
  }
  return (error as Error).message;
}

function completed({ headers, body }: Request): Headers {
  const defaults = { accept: '*/*', 'accept-encoding': 'gzip, deflate, br', 'user-agent': 'daybreak' };
  for (const [name, value] of Object.entries(defaults)) if (!headers.has(name)) headers.set(name, value);
  // The length is that of the body, never the caller's header.
  headers.delete('content-length');
  if (body === null) headers.delete('transfer-encoding');
  return headers;
}

async function bodyOf(request: Request, { body }: RequestInit): Promise<Buffer | Readable | null> {
  if (request.body === null) return null;
  if (body instanceof ReadableStream) return Readable.fromWeb(request.body as Parameters<typeof Readable.fromWeb>[0]);
  return Buffer.from(await request.arrayBuffer());
}
