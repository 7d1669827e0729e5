import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, test } from 'vitest';
import type { RetryableError } from '../../../lib/contract/errors.ts';
import { type FetchInit, fetchOverHttp } from '../../../lib/runtime/fetch/fetch-over-http.ts';
import { serve } from '../../connectors/web-server.ts';
import { certificates } from '../../support/certificates.ts';
import { errorOf } from '../fixtures.ts';

const now = () => Date.parse('2026-02-01T01:00:00Z');
const get = (url: string, init: FetchInit = {}, signal = new AbortController().signal) =>
  fetchOverHttp(url, init, { signal, now });

/** Answers with the status that the path names. */
const statusServer = () => serve((url) => ({ status: Number(url.pathname.slice(1)), text: 'body' }));

describe('an answer', () => {
  test('below 400 is given, with its address', async () => {
    const { url } = await statusServer();
    const response = await get(`${url}/200`);
    expect([await response.text(), response.url, response.redirected]).toEqual(['body', `${url}/200`, false]);
  });

  test('without a body is given without one', async () => {
    const { url } = await statusServer();
    expect((await get(`${url}/204`)).body).toBeNull();
    expect((await get(`${url}/200`, { method: 'HEAD' })).body).toBeNull();
    expect((await get(`${url}/304`)).status).toBe(304);
  });

  test.each([408, 425, 429, 500, 502, 503, 504, 599])('%i may be tried again', async (status) => {
    const { url } = await statusServer();
    expect(await errorOf(get(`${url}/${status}`))).toMatchObject({ name: 'RetryableError', retryAfter: null });
  });

  test.each([400, 401, 403, 404, 409, 422, 600, 999])('%i is permanent', async (status) => {
    const { url } = await statusServer();
    expect(await errorOf(get(`${url}/${status}`))).toMatchObject({ name: 'PermanentError', status });
  });

  test('is named in errors without what may be secret in the address', async () => {
    const { url } = await statusServer();
    const error = await errorOf(get(`${url}/404?token=secret#frag`));
    expect(error.message).toBe(`GET ${url}/404 answered 404 Not Found`);
  });

  test.each<[string, number, Record<string, string>, string, number | null]>([
    ['429 with Retry-After', 429, { 'retry-after': '7' }, '', 7],
    ['503 with a fraction of a second', 503, { 'retry-after': '1.5' }, '', 2],
    ['403 with Retry-After (a secondary limit of GitHub)', 403, { 'retry-after': '60' }, '', 60],
    ['409 with Retry-After', 409, { 'retry-after': '3' }, '', 3],
    [
      '403 with a limit that is used up',
      403,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now() / 1000 + 90) },
      '',
      90,
    ],
    ['403 whose text names a rate limit', 403, {}, '{"message":"You have exceeded a secondary rate limit."}', null],
  ])('%s may be tried again', async (_, status, headers, text, retryAfter) => {
    const { url } = await serve(() => ({ status, headers, text }));
    const error = (await errorOf(get(url))) as RetryableError;
    expect([error.name, error.retryAfter]).toEqual(['RetryableError', retryAfter]);
  });

  test.each<[string, number, Record<string, string>]>([
    ['401 with Retry-After', 401, { 'retry-after': '1' }],
    ['403 with requests left', 403, { 'x-ratelimit-remaining': '59' }],
    ['404 after the last request of a limit', 404, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '30' }],
  ])('%s is permanent', async (_, status, headers) => {
    const { url } = await serve(() => ({ status, headers, text: 'no' }));
    expect(await errorOf(get(url))).toMatchObject({ name: 'PermanentError', status });
  });
});

describe('no answer', () => {
  test('a broken connection may be tried again', async () => {
    const { url } = await serve((_, request) => {
      request.socket.destroy();
      return {};
    });
    expect(await errorOf(get(url))).toMatchObject({
      name: 'RetryableError',
      message: expect.stringMatching(/got no answer: .*ECONNRESET/),
    });
  });

  test("the step's signal stops a request, and so does the request's", async () => {
    const { url } = await serve(() => new Promise(() => {}));
    for (const own of [true, false]) {
      const stop = new AbortController();
      const running = errorOf(own ? get(url, { signal: stop.signal }) : get(url, {}, stop.signal));
      setTimeout(() => stop.abort(new Error('time is up')), 20);
      expect((await running).message).toContain('time is up');
    }
  });

  test("the step's signal stops the reading of a body", async () => {
    const { url } = await serve(() => ({ text: '0123456789', headers: { 'content-length': '20' } }));
    const stop = new AbortController();
    const response = await get(url, {}, stop.signal);
    setTimeout(() => stop.abort(new Error('time is up')), 20);
    expect((await errorOf(response.text())).message).toContain('time is up');
  });
});

describe('a request that is none is a PermanentError without its secrets', () => {
  test.each<[string, string, FetchInit, RegExp]>([
    ['an address that is none', 'nowhere', {}, /not a URL/],
    ['another protocol', 'ftp://example.com/x', {}, /"ftp:" is not http: or https:/],
    ['a password in the address', 'https://me:secret@example.com/x', {}, /example.com\/x holds a user name/],
    ['a body of a GET', 'https://example.com', { body: 'secret' }, /GET https:\/\/example.com\/ is not a request/],
    ['a header with a line end', 'https://example.com', { headers: { 'x-key': 'secret\nx' } }, /header "x-key"/],
    ['a machine that keeps credentials', 'http://169.254.169.254/latest', {}, /link-local/],
    ['the same in another notation', 'http://0xa9fea9fe/latest', {}, /link-local/],
    ['the same in IPv6', 'http://[::ffff:169.254.169.254]/latest', {}, /link-local/],
  ])('%s', async (_, url, init, message) => {
    const error = await errorOf(get(url, init));
    expect(error).toMatchObject({ name: 'PermanentError', message: expect.stringMatching(message) });
    expect(error.message).not.toContain('secret');
  });
});

describe('what is sent', () => {
  test('is the body with its length and its type, in each form that it can have', async () => {
    const seen: unknown[] = [];
    const { url } = await serve(async (_, request) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { 'content-type': type, 'content-length': length } = request.headers;
      seen.push([Buffer.concat(chunks).toString(), type?.split(';')[0], length]);
      return {};
    });
    const bodies = [
      'tëxt',
      new Uint8Array([97, 98]),
      new URLSearchParams({ a: 'b c' }),
      ReadableStream.from(['c', 'd'].map((text) => Buffer.from(text))),
    ];
    for (const body of bodies) await get(url, { method: 'POST', body, headers: { 'content-length': '1' } });
    expect(seen).toEqual([
      ['tëxt', 'text/plain', '5'],
      ['ab', undefined, '2'],
      ['a=b+c', 'application/x-www-form-urlencoded', '5'],
      ['cd', undefined, undefined],
    ]);
  });
});

describe('https', () => {
  test('reads from a server with a trusted certificate, and from no other', async () => {
    const { ca, certificate, key } = certificates();
    const server = createServer({ cert: certificate, key }, (_, response) => response.end('safe'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://localhost:${(server.address() as AddressInfo).port}/`;
    const trusted = getCACertificates();
    try {
      expect(await errorOf(get(url))).toMatchObject({
        name: 'RetryableError',
        message: expect.stringMatching(/certificate/),
      });
      setDefaultCACertificates([...trusted, ca]);
      expect(await (await get(url)).text()).toBe('safe');
      expect((await errorOf(get(url.replace('localhost', '127.0.0.1')))).message).toMatch(/ALTNAME/);
    } finally {
      setDefaultCACertificates(trusted);
      server.closeAllConnections();
      server.close();
    }
  });
});
