import type { IncomingMessage } from 'node:http';
import { type Answer, hasToken, startServer } from './loopback-server.ts';
import type { SourceUser } from './source-data.ts';

/** A fault that the server plays once, on the request with this number (from 1, counting requests with the right token). */
export interface ScriptedFault {
  readonly request: number;
  readonly status: 429 | 503;
  /** Seconds, for 429. */
  readonly retryAfter?: number;
}

/** Behaviour of a stand-in. */
export interface CrmOptions {
  readonly users: readonly SourceUser[];
  readonly token: string;
  readonly faults: readonly ScriptedFault[];
  /** Requests per second above which it answers 429. */
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
 * A small CRM on loopback. `GET /users?page=1&page_size=100` with a bearer token answers `{users, next_page, total}`, ordered by user_id.
 * Answers are cached until a request with `Cache-Control: no-cache`; the header `x-cache` is `hit` or `miss`.
 */
export async function startCrmServer(options: CrmOptions): Promise<CrmServer> {
  const users = options.users.toSorted((a, b) => (a.user_id < b.user_id ? -1 : 1));
  const cached = new Map<string, object>();
  let requests = 0;
  let recent: number[] = [];

  const answer = (request: IncomingMessage): Answer => {
    if (!hasToken(request, options.token)) return { status: 401, body: { error: 'a bearer token is needed' } };
    requests += 1;
    const fault = options.faults.find((candidate) => candidate.request === requests);
    if (fault !== undefined) return { ...fault, body: { error: 'try again later' } };
    const now = Date.now();
    recent = [...recent.filter((time) => time > now - 1_000), now];
    if (recent.length > options.requestsPerSecond) {
      return { status: 429, retryAfter: 1, body: { error: 'too many requests' } };
    }
    const url = new URL(request.url ?? '/', 'http://crm');
    if (url.pathname !== '/users' || request.method !== 'GET') return { status: 404, body: { error: 'not found' } };
    const page = positive(url.searchParams.get('page') ?? '1');
    const size = positive(url.searchParams.get('page_size') ?? String(largestPage));
    if (page === null || size === null || size > largestPage) {
      return { status: 400, body: { error: `page must be 1 or more, page_size 1 to ${largestPage}` } };
    }
    const fresh = request.headers['cache-control'] === 'no-cache';
    const known = fresh ? undefined : cached.get(url.search);
    const body = known ?? pageOf(users, page, size);
    cached.set(url.search, body);
    return { status: 200, body, cache: known === undefined ? 'miss' : 'hit' };
  };

  return startServer(answer);
}

const pageOf = (users: readonly SourceUser[], page: number, size: number): object => ({
  users: users.slice((page - 1) * size, page * size),
  next_page: page * size < users.length ? page + 1 : null,
  total: users.length,
});

const positive = (text: string): number | null => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : null);
