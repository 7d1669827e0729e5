import { describe, expect, test } from 'vitest';
import { type FetchInit, fetchOverHttp } from '../../../lib/runtime/fetch/fetch-over-http.ts';
import { serve } from '../../connectors/web-server.ts';
import { errorOf } from '../fixtures.ts';

const { signal } = new AbortController();
const request = (url: string, init: FetchInit = {}) => fetchOverHttp(url, init, { signal, now: Date.now });

/** A server that redirects /from to `location`, and what it gets at other paths. */
const redirecting = async (status: number, location: string) => {
  const seen: string[] = [];
  const server = await serve(async (url, message) => {
    if (url.pathname === '/from') return { status, text: '', headers: { location } };
    let body = '';
    for await (const chunk of message) body += chunk;
    const { authorization = '', cookie = '', 'x-api-key': key = '' } = message.headers;
    seen.push([message.method, url.pathname, body, authorization, cookie, key].join(' ').trimEnd());
    return { text: 'arrived' };
  });
  return { from: `${server.url}/from`, url: server.url, seen };
};

const secrets = { authorization: 'Bearer SECRET', cookie: 'SECRET', 'x-api-key': 'KEY' };

describe('inside of an origin', () => {
  test.each([301, 302, 303, 307, 308])('a GET follows %i', async (status) => {
    const { from, url, seen } = await redirecting(status, '/to');
    const response = await request(from, { headers: secrets });
    expect([await response.text(), response.url, response.redirected]).toEqual(['arrived', `${url}/to`, true]);
    expect(seen).toEqual(['GET /to  Bearer SECRET SECRET KEY']);
  });

  test.each([307, 308])('a POST follows %i with its body', async (status) => {
    const { from, seen } = await redirecting(status, '/to');
    await request(from, { method: 'POST', body: 'rows' });
    expect(seen).toEqual(['POST /to rows']);
  });

  test.each([301, 302, 303])('no request but a GET or HEAD follows %i: it would lose its body', async (status) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const { from, url, seen } = await redirecting(status, '/to?token=SECRET');
      const error = await errorOf(request(from, { method, body: 'rows' }));
      expect(error).toMatchObject({ name: 'PermanentError', status });
      expect(error.message).toMatch(`leads to ${url}/to: following it would turn the ${method} into a GET`);
      expect(error.message).not.toContain('SECRET');
      expect(seen).toEqual([]);
    }
  });

  test('a body that is a stream is not sent twice', async () => {
    const { from, seen } = await redirecting(307, '/to');
    const error = await errorOf(request(from, { method: 'POST', body: ReadableStream.from([Buffer.from('rows')]) }));
    expect([error.name, error.message]).toEqual(['PermanentError', expect.stringMatching(/its body is a stream/)]);
    expect(seen).toEqual([]);
  });

  test('a circle ends', async () => {
    const { from } = await redirecting(302, '/from');
    expect(await errorOf(request(from))).toMatchObject({
      name: 'PermanentError',
      message: expect.stringMatching(/redirected more than 10 times/),
    });
  });

  test('a redirect without an address is refused', async () => {
    const { url } = await serve(() => ({ status: 301, text: '' }));
    expect((await errorOf(request(url))).message).toMatch(/answered 301 .* without an address/);
  });
});

describe('to another origin', () => {
  test.each([
    ['GET', 301],
    ['GET', 307],
    ['POST', 307],
    ['POST', 308],
  ])('a %s with %i sends nothing', async (method, status) => {
    const other = await redirecting(200, '');
    const { from } = await redirecting(status, `${other.url}/stolen`);
    const error = await errorOf(
      request(from, { method, headers: secrets, ...(method === 'POST' && { body: 'rows' }) }),
    );
    expect(error).toMatchObject({ name: 'PermanentError', status });
    expect(error.message).toMatch(`allowedOrigins: ["${other.url}"]`);
    expect(other.seen).toEqual([]);
  });

  test('another name of the same machine is another origin, and so is another port or scheme', async () => {
    for (const change of [
      (url: string) => url.replace('127.0.0.1', 'localhost'),
      (url: string) => url.replace('http:', 'https:'),
      (url: string) => url.replace('//', '//user@').replace('127.0.0.1', '127.0.0.2'),
    ]) {
      const other = await redirecting(200, '');
      const { from } = await redirecting(302, `${change(other.url)}/x`);
      expect((await errorOf(request(from))).message).toMatch(/requests do not leave/);
      expect(other.seen).toEqual([]);
    }
  });

  test('that is allowed it goes without credentials, unless they are allowed too', async () => {
    for (const withCredentials of [false, true]) {
      const other = await redirecting(200, '');
      const { from } = await redirecting(307, `${other.url}/to`);
      const allowedOrigins = [withCredentials ? { origin: other.url, withCredentials } : other.url];
      await request(from, { method: 'POST', body: 'rows', headers: secrets, allowedOrigins });
      expect(other.seen).toEqual([withCredentials ? 'POST /to rows Bearer SECRET SECRET KEY' : 'POST /to rows   KEY']);
    }
  });

  test('credentials that were left behind do not come back with a redirect to the first origin', async () => {
    const seen: (string | undefined)[] = [];
    const home = await serve((url, message) => {
      if (url.pathname === '/from') return { status: 302, headers: { location: `${other.url}/back` }, text: '' };
      seen.push(message.headers.authorization);
      return { text: 'arrived' };
    });
    const other = await serve(() => ({ status: 302, headers: { location: `${home.url}/admin` }, text: '' }));
    await request(`${home.url}/from`, { headers: secrets, allowedOrigins: [other.url] });
    expect(seen).toEqual([undefined]);
  });

  test('a link-local address is never followed, even when it is allowed', async () => {
    const { from } = await redirecting(302, 'http://169.254.169.254/latest/meta-data');
    const error = await errorOf(request(from, { allowedOrigins: ['http://169.254.169.254'] }));
    expect(error.message).toMatch(/a link-local address is never followed/);
  });

  test.each(['https://example.com/path', 'example.com', 'ftp://example.com', 'https://user@example.com', '*'])(
    'what is no origin cannot be allowed: %s',
    async (origin) => {
      const { from } = await redirecting(302, '/to');
      const error = await errorOf(request(from, { allowedOrigins: [origin] }));
      expect(error).toMatchObject({ name: 'PermanentError', message: expect.stringMatching(/is not an origin/) });
    },
  );
});

describe('the standard option `redirect`', () => {
  test("'manual' gives the answer that redirects", async () => {
    const { from, seen } = await redirecting(302, 'https://example.com/');
    const response = await request(from, { redirect: 'manual' });
    expect([response.status, response.headers.get('location'), seen]).toEqual([302, 'https://example.com/', []]);
  });

  test("'error' refuses every redirect", async () => {
    const { from, seen } = await redirecting(302, '/to');
    expect((await errorOf(request(from, { redirect: 'error' }))).name).toBe('PermanentError');
    expect(seen).toEqual([]);
  });
});
