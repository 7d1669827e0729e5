import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { fetchOverHttp } from '../../../lib/runtime/fetch/fetch-over-http.ts';
import { type Answer, serve } from '../../connectors/web-server.ts';
import { errorOf } from '../fixtures.ts';

const { signal } = new AbortController();
const bodyOf = async (answer: Answer): Promise<string> => {
  const { url } = await serve(() => answer);
  return (await fetchOverHttp(url, {}, { signal, now: Date.now })).text();
};

const text = 'id,name\n1,Müller\n2,Möller\n'.repeat(200);
const packed: readonly (readonly [coding: string, bytes: Uint8Array])[] = [
  ['gzip', gzipSync(text)],
  ['x-gzip', gzipSync(text)],
  ['deflate', deflateSync(text)],
  ['deflate', deflateRawSync(text)],
  ['br', brotliCompressSync(text)],
  ['gzip, br', brotliCompressSync(gzipSync(text))],
];
const answering = (coding: string, bytes: Uint8Array): Answer => ({ bytes, headers: { 'content-encoding': coding } });

describe('a whole body is given', () => {
  test.each(packed)('packed by %s', async (coding, bytes) => {
    expect(await bodyOf(answering(coding, bytes))).toBe(text);
  });

  test('of several gzip members', async () => {
    expect(await bodyOf(answering('gzip', Buffer.concat([gzipSync('one '), gzipSync('two')])))).toBe('one two');
  });

  test('without a byte, although its header says that it is packed', async () => {
    expect(await bodyOf(answering('gzip', Buffer.alloc(0)))).toBe('');
  });

  test('in chunks without a length', async () => {
    expect(await bodyOf({ text, chunked: true })).toBe(text);
  });
});

describe('a body that is not whole is a RetryableError, never a short text', () => {
  const isBroken = async (answer: Answer, message = /^the answer to GET http\S+ broke off after \d+ bytes: /) =>
    expect(await errorOf(bodyOf(answer))).toMatchObject({
      name: 'RetryableError',
      message: expect.stringMatching(message),
    });

  // Each cut at every tenth of it, and before its last byte.
  const cuts = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
  test.each(packed)('packed by %s and cut anywhere', async (coding, bytes) => {
    for (const part of cuts) {
      const cut = Math.min(bytes.length - 1, Math.ceil(bytes.length * part));
      await isBroken(answering(coding, bytes.subarray(0, cut)));
    }
  });

  test('with bytes behind its packed end', async () => {
    const rest = Buffer.from('and more');
    await isBroken(answering('br', Buffer.concat([brotliCompressSync(text), rest])), /8 bytes follow behind the end/);
    await isBroken(answering('gzip', Buffer.concat([gzipSync(text), Buffer.alloc(8)])), /8 bytes follow/);
  });

  test('shorter than its Content-Length', async () => {
    await isBroken({ text, cutAfter: 100 });
  });

  test('in chunks, of which the last is missing', async () => {
    await isBroken({ text, chunked: true, cutAfter: 100 });
  });
});
