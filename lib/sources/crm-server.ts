import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SourceUser } from './source-data.ts';

/** A fault that the server plays, once, on the request with this number (from 1, counting those with the right token). */
export interface ScriptedFault {
  readonly request: number;
  readonly status: 429 | 503;
  /** Seconds, for 429. */
  readonly retryAfter?: number;
}

/** How a stand-in behaves. */
export interface CrmOptions {
  readonly users: readonly SourceUser[];
  readonly token: string;
  readonly faults: readonly ScriptedFault[];
  /** Requests in any one second, beyond which it answers 429. */
  readonly requestsPerSecond: number;
}

/** A running stand-in. */
export interface CrmServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** The most users on one page. */
const largestPage = 100;

/**
 * A small CRM on loopback. `GET /users?page=1&page_size=100` with a bearer token answers `{users, next_page, total}`, ordered by user_id;
 * answers are cached until a request with `Cache-Control: no-cache` (the header `x-cache` says `hit` or `miss`).
 */
export const startCrmServer = async (options: CrmOptions): Promise<CrmServer> => {
  const users = options.users.toSorted((a, b) => (a.user_id < b.user_id ? -1 : 1));
  const cached = new Map<string, string>();
  let requests = 0;
  let recent: number[] = [];

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://crm');
    if (!hasToken(request, options.token)) return send(response, 401, { error: 'a bearer token is needed' });
    requests += 1;
    const fault = options.faults.find((candidate) => candidate.request === requests);
    if (fault !== undefined) return send(response, fault.status, { error: 'try again later' }, fault.retryAfter);
    const now = Date.now();
    recent = [...recent.filter((time) => time > now - 1_000), now];
    if (recent.length > options.requestsPerSecond) return send(response, 429, { error: 'too many requests' }, 1);
    if (url.pathname !== '/users' || request.method !== 'GET') return send(response, 404, { error: 'not found' });
    const page = positive(url.searchParams.get('page') ?? '1');
    const size = positive(url.searchParams.get('page_size') ?? String(largestPage));
    if (page === null || size === null || size > largestPage) {
      return send(response, 400, { error: `page must be 1 or more, page_size 1 to ${largestPage}` });
    }
    const known = cached.get(url.search);
    const fresh = request.headers['cache-control'] === 'no-cache';
    const body = fresh || known === undefined ? JSON.stringify(pageOf(users, page, size)) : known;
    cached.set(url.search, body);
    response.setHeader('x-cache', fresh || known === undefined ? 'miss' : 'hit');
    return send(response, 200, body);
  };

  const server = createServer(answer);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const pageOf = (users: readonly SourceUser[], page: number, size: number): object => ({
  users: users.slice((page - 1) * size, page * size),
  next_page: page * size < users.length ? page + 1 : null,
  total: users.length,
});

const send = (response: ServerResponse, status: number, body: object | string, retryAfter?: number): void => {
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
  });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
};

const positive = (text: string): number | null => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : null);

const hasToken = (request: IncomingMessage, token: string): boolean =>
  timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${token}`));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
