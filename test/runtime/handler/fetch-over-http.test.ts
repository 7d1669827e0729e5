import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RetryableError } from '../../../lib/contract/errors.ts';
import { fetchOverHttp } from '../../../lib/runtime/handler/fetch-over-http.ts';
import { errorOf } from '../fixtures.ts';

let server: Server;
let origin = '';
const now = () => Date.parse('2026-02-01T01:00:00Z');
const get = (path: string, signal = new AbortController().signal) =>
  fetchOverHttp(`${origin}${path}`, {}, { signal, now });

beforeAll(async () => {
  server = createServer((request, response) => {
    const [, status = '', retryAfter] = (request.url ?? '').split('/');
    if (status === 'broken') return request.socket.destroy();
    if (status === 'never') return;
    if (retryAfter) response.setHeader('retry-after', decodeURIComponent(retryAfter.split('?')[0] ?? ''));
    response.writeHead(Number(status)).end('body');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('an HTTP answer', () => {
  test('below 400 is given', async () => {
    expect(await (await get('/200')).text()).toBe('body');
  });

  test.each([408, 429, 500, 502, 503, 504])('%i may be tried again', async (status) => {
    expect(await errorOf(get(`/${status}`))).toMatchObject({ name: 'RetryableError', retryAfter: null });
  });

  test.each([400, 401, 403, 404, 409, 422])('%i is permanent', async (status) => {
    expect(await errorOf(get(`/${status}`))).toMatchObject({ name: 'PermanentError' });
  });

  test.each([
    ['7', 7],
    ['0', 0],
    ['Sun, 01 Feb 2026 01:00:30 GMT', 30],
    ['Sun, 01 Feb 2026 00:00:00 GMT', 0],
    ['soon', null],
  ])('with Retry-After %j is left alone that long', async (text, seconds) => {
    const error = (await errorOf(get(`/429/${encodeURIComponent(text)}`))) as RetryableError;
    expect(error.retryAfter).toBe(seconds);
  });

  test('is told without what may be secret in the address', async () => {
    const { host } = new URL(origin);
    const error = await errorOf(get('/404/x?token=secret#frag'));
    expect(error.message).toBe(`GET http://${host}/404/x answered 404 Not Found`);
  });
});

describe('no HTTP answer', () => {
  test('a broken connection may be tried again', async () => {
    expect(await errorOf(get('/broken'))).toMatchObject({ name: 'RetryableError' });
  });

  test('an address that is none is permanent', async () => {
    const { signal } = new AbortController();
    expect(await errorOf(fetchOverHttp('nowhere', {}, { signal, now }))).toMatchObject({ name: 'PermanentError' });
  });

  test("the step's signal stops a request", async () => {
    const stop = new AbortController();
    const running = errorOf(get('/never', stop.signal));
    stop.abort(new Error('time is up'));
    expect((await running).message).toContain('time is up');
  });
});
