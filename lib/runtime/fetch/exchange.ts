import type { ClientRequest, IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { RetryableError } from '../../contract/errors.ts';
import { describeRequest, type OutgoingRequest } from './outgoing-request.ts';
import { unpackBody } from './unpack-body.ts';

/** An answer whose body has not been read yet. */
export interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  /** The unpacked bytes. A body that breaks off, or is shorter than its `Content-Length`, ends with a RetryableError. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Closes the connection, so that nothing more of the body comes. */
  discard(): void;
}

/** A server that sends nothing for so long does not come back; the step's own time-out may be hours away. */
const silenceSeconds = 300;

/** Sends a request and gives its answer, of any status. No answer is a RetryableError. */
export async function exchange(request: OutgoingRequest, signal: AbortSignal): Promise<Answer> {
  const what = describeRequest(request.method, request.url);
  let sent: ClientRequest | undefined;
  const abort = () => sent?.destroy(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    signal.throwIfAborted();
    sent = begin(request);
    const incoming = await answerTo(sent, request.body);
    incoming.once('close', () => signal.removeEventListener('abort', abort));
    return answerOf(incoming, what, signal);
  } catch (error) {
    signal.removeEventListener('abort', abort);
    throw new RetryableError(`${what} got no answer: ${reasonOf(error)}`, { cause: error });
  }
}

/** Loads its client only when a step sends a request: few steps do, and each module costs every cold start. */
function begin({ url, method, headers, body }: OutgoingRequest): ClientRequest {
  const { request } = process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http');
  const length = Buffer.isBuffer(body) ? { 'content-length': body.length } : {};
  const sent = request(url, { method, headers: { ...Object.fromEntries(headers), ...length } });
  return sent;
}

function answerTo(sent: ClientRequest, body: OutgoingRequest['body']): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | null = null;
    sent.once('response', (incoming) => {
      answer = incoming;
      resolve(incoming);
    });
    // A slow reader is not a silent server.
    sent.setTimeout(silenceSeconds * 1000, () => {
      if (!answer?.readableLength) sent.destroy(new Error(`nothing came for ${silenceSeconds} s`));
    });
    // The listener stays: if a connection breaks after the answer, the body ends with that error itself.
    sent.on('error', reject);
    sent.once('upgrade', (_, socket) => {
      socket.destroy();
      reject(new Error('it switched to another protocol'));
    });
    if (body instanceof Readable) body.once('error', (error) => sent.destroy(error)).pipe(sent);
    else sent.end(body ?? undefined);
  });
}

function answerOf(incoming: IncomingMessage, what: string, signal: AbortSignal): Answer {
  const headers = new Headers();
  for (let at = 0; at < incoming.rawHeaders.length; at += 2)
    headers.append(incoming.rawHeaders[at] as string, incoming.rawHeaders[at + 1] as string);
  return {
    status: incoming.statusCode ?? 0,
    statusText: incoming.statusMessage ?? '',
    headers,
    body: wholeBody(unpackBody(incoming, headers.get('content-encoding')), what, signal),
    discard: () => incoming.destroy(),
  };
}

async function* wholeBody(
  body: AsyncIterable<Uint8Array>,
  what: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      yield chunk;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new RetryableError(`the answer to ${what} broke off after ${bytes} bytes: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

function reasonOf(error: unknown): string {
  const { code, message, errors } = error as { code?: string; message?: string; errors?: readonly unknown[] };
  // Of a host with several addresses, none answered.
  if (errors?.[0] !== undefined) return reasonOf(errors[0]);
  return message && code && !message.includes(code) ? `${message} (${code})` : message || code || String(error);
}
