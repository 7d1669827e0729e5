import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** The answer of a test's server. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly json?: unknown;
  readonly text?: string;
  /** Bytes instead of a text. */
  readonly bytes?: Uint8Array;
  /** True to leave out the length, so that the body comes in chunks. */
  readonly chunked?: boolean;
  /** Cuts the connection after so many bytes. */
  readonly cutAfter?: number;
}

const stops: (() => void)[] = [];
afterAll(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A server on loopback for one test file, and the requests that it got. */
export async function serve(answer: (url: URL, request: IncomingMessage, count: number) => Answer | Promise<Answer>) {
  const requests: string[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://test');
    requests.push(`${url.pathname}${url.search}`);
    const {
      status = 200,
      headers = {},
      json,
      text = JSON.stringify(json) ?? '',
      bytes = Buffer.from(text),
      chunked = false,
      cutAfter,
    } = await answer(url, request, requests.length);
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(!chunked && { 'content-length': bytes.length }),
      ...headers,
    });
    if (cutAfter === undefined) response.end(bytes);
    else response.write(bytes.subarray(0, cutAfter), () => request.socket.destroy());
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  stops.push(stop);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, stop };
}
