import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expositionType } from '../../metrics/prometheus/exposition.ts';
import { UsageError } from '../typed/usage-error.ts';

export interface ServeOptions {
  readonly port: number;
  readonly host: string;
  /** The text is made again after so many milliseconds, however many callers ask in between. */
  readonly everyMs: number;
  readonly now: () => number;
  /** Makes the text, from the store. */
  readonly read: () => Promise<string>;
  /** Hears of readings that failed. */
  readonly onFailure: (error: unknown) => void;
}

/** Answers `GET /metrics` until it is closed. A reading that fails is answered with 503, so that Prometheus sees it: old figures would look like good ones. */
export async function serveMetrics(options: ServeOptions): Promise<{ readonly url: string; readonly server: Server }> {
  const read = atMostEvery(options);
  const { host } = options;
  const server = createServer((request, response) => {
    answer(request, { read, host }).then(
      ({ status, type = 'text/plain; charset=utf-8', body }) => send(response, status, type, body),
      (error: unknown) => {
        options.onFailure(error);
        send(
          response,
          503,
          'text/plain; charset=utf-8',
          'the store cannot be read now; the command that serves this has the reason\n',
        );
      },
    );
  });
  server.requestTimeout = 10_000;
  const { port } = await listening(server, options);
  const named = host.includes(':') ? `[${host}]` : host;
  return { url: `http://${named}:${port}/metrics`, server };
}

interface Answered {
  readonly status: number;
  readonly type?: string;
  readonly body: string;
}

async function answer(
  { method, url, headers }: IncomingMessage,
  { read, host }: Pick<ServeOptions, 'read' | 'host'>,
): Promise<Answered> {
  // A web page may lead its own name to this machine; it must not read what only this machine may.
  if (isLoopback(host) && !isLoopback(hostOf(headers.host ?? '')))
    return { status: 403, body: 'this name does not lead here\n' };
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, body: 'only GET\n' };
  if (url?.split('?')[0] !== '/metrics') return { status: 404, body: 'the figures are at /metrics\n' };
  return { status: 200, type: expositionType, body: await read() };
}

/** Callers share a reading for a while, and one that is under way. */
function atMostEvery({ everyMs, now, read }: Pick<ServeOptions, 'everyMs' | 'now' | 'read'>): () => Promise<string> {
  let last: { readonly at: number; readonly text: Promise<string> } | null = null;
  return () => {
    if (last !== null && now() - last.at < everyMs) return last.text;
    const text = read();
    last = { at: now(), text };
    return text;
  };
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

const hostOf = (header: string): string =>
  header
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

function listening(server: Server, { port, host }: Pick<ServeOptions, 'port' | 'host'>): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE' ? 'another program has this port; name another one with --port' : error.message;
      reject(new UsageError(`--serve: ${host}:${port}: ${why}`));
    });
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });
}
