import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A response that replaces the honest one, once. */
export type Fault = 'slow down' | 'lose the answer' | 'deny a missing key' | 'break the body' | 'conflict';

const errorXml = (code: string): string =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;

/** A fault for the first request whose method and URL match. */
interface PlannedFault {
  readonly fault: Fault;
  readonly at: RegExp;
}

/** A proxy for a server of the S3 protocol without conditional writes: adds them, and misbehaves on demand. One request uses up one of `faults`. */
export async function startS3Proxy(upstream: string) {
  const faults: PlannedFault[] = [];
  const seen: string[] = [];
  // Conditional writes are decided one after the other.
  let turn: Promise<unknown> = Promise.resolve();

  const refuse = (response: ServerResponse, status: number, code: string): void => {
    response.writeHead(status, { 'content-type': 'application/xml' }).end(errorXml(code));
  };
  const conditionFails = async (request: IncomingMessage): Promise<boolean> => {
    const none = request.headers['if-none-match'] !== undefined;
    const match = request.headers['if-match'];
    if (request.method !== 'PUT' || (!none && match === undefined)) return false;
    const head = await fetch(upstream + request.url, {
      method: 'HEAD',
      headers: { authorization: String(request.headers.authorization) },
    });
    return none ? head.ok : head.headers.get('etag') !== match;
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    seen.push(`${request.method} ${new URL(request.url ?? '', upstream).pathname.split('/').at(-1)}`);
    const planned = faults.findIndex(({ at }) => at.test(`${request.method} ${request.url}`));
    const fault = planned < 0 ? undefined : faults.splice(planned, 1)[0]?.fault;
    if (fault === 'slow down') return refuse(response, 503, 'SlowDown');
    if (fault === 'conflict') return refuse(response, 409, 'ConditionalRequestConflict');
    if (await conditionFails(request)) return refuse(response, 412, 'PreconditionFailed');
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers)) {
      if (!['host', 'connection', 'content-length', 'expect', 'if-none-match', 'if-match'].includes(name))
        headers.set(name, String(value));
    }
    const body = request.method === 'PUT' || request.method === 'POST' ? Buffer.concat(chunks) : null;
    const reply = await fetch(upstream + request.url, { method: request.method ?? 'GET', headers, body });
    const bytes = Buffer.from(await reply.arrayBuffer());
    if (fault === 'lose the answer') return void request.socket.destroy();
    if (fault === 'deny a missing key' && reply.status === 404) return refuse(response, 403, 'AccessDenied');
    response.writeHead(
      reply.status,
      Object.fromEntries(
        [...reply.headers].filter(([name]) => !['connection', 'keep-alive', 'transfer-encoding'].includes(name)),
      ),
    );
    if (fault !== 'break the body') return void response.end(request.method === 'HEAD' ? undefined : bytes);
    response.write(bytes.subarray(0, bytes.length / 2), () => setTimeout(() => request.socket.destroy(), 20));
  };

  const server = createServer((request, response) => {
    const isWrite = request.method === 'PUT';
    const work = isWrite ? turn.then(() => answer(request, response)) : answer(request, response);
    if (isWrite) turn = work.catch(() => {});
    work.catch((error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    seen,
    stop: (): Promise<unknown> => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
