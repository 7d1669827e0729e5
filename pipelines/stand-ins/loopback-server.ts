import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The answer of a stand-in to one request. */
export interface Answer {
  readonly status: number;
  readonly body: object;
  readonly retryAfter?: number;
  readonly cache?: 'hit' | 'miss';
}

/** Starts an HTTP server on a free port of the loopback interface; `answer` is asked for each request. */
export async function startServer(
  answer: (request: IncomingMessage) => Answer,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => send(response, answer(request)));
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
}

/** True if a request bears this token. */
export function hasToken(request: IncomingMessage, token: string): boolean {
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${token}`));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const send = (response: ServerResponse, { status, body, retryAfter, cache }: Answer): void => {
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    ...(cache && { 'x-cache': cache }),
  });
  response.end(JSON.stringify(body));
};
