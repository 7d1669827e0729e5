import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type AnyNumber, byLink, httpPages, isAnyNumber } from '../../../lib/connectors/sources.ts';
import { httpStep } from '../http-step.ts';
import { type Answer, serve } from '../web-server.ts';

const anything = { safeParse: (data: unknown) => ({ success: true as const, data: data as { items: unknown[] } }) };

/** The items of the only page of an API that gives this answer. */
const itemsOf = async (answer: Answer): Promise<unknown[]> => {
  const { url } = await serve(() => answer);
  const found: unknown[] = [];
  const source = {
    url,
    schema: anything,
    items: (body: { items: unknown[] }) => body.items,
    paging: byLink<{ items: unknown[] }>(),
  };
  for await (const { items } of httpPages(httpStep(), source)) found.push(...items);
  return found;
};

const text = '{"items":[{"id":1},{"id":2},{"id":3}]}';
const three = [{ id: 1 }, { id: 2 }, { id: 3 }];
const json = (charset: string) => ({ 'content-type': `application/json; charset=${charset}` });

describe('an answer is read', () => {
  test.each<[string, Answer, unknown[]]>([
    ['in UTF-8', { text: '{"items":["Müller € 😀"]}' }, ['Müller € 😀']],
    [
      'in the charset of its header',
      { bytes: Buffer.from('{"items":["Müller"]}', 'latin1'), headers: json('iso-8859-1') },
      ['Müller'],
    ],
    ['in UTF-16 by its byte order mark', { bytes: Buffer.from('\ufeff{"items":["Müller"]}', 'utf16le') }, ['Müller']],
    ['behind a byte order mark', { text: `\ufeff${text}` }, three],
    ['packed', { bytes: gzipSync(text), headers: { 'content-encoding': 'gzip' } }, three],
    ['with another content type', { text, headers: { 'content-type': 'text/plain' } }, three],
    ['with a character that is U+FFFD itself', { text: '{"items":["\ufffd"]}' }, ['\ufffd']],
    ['with status 206, as some give for a page', { status: 206, text }, three],
  ])('%s', async (_, answer, items) => expect(await itemsOf(answer)).toEqual(items));

  test('with 204 as no items', async () => expect(await itemsOf({ status: 204, text: '' })).toEqual([]));
});

describe('an answer that may be complete next time is a RetryableError', () => {
  const packed = gzipSync(text);
  test.each<[string, Answer, RegExp]>([
    [
      'cut inside of its gzip',
      { bytes: packed.subarray(0, 30), headers: { 'content-encoding': 'gzip' } },
      /broke off after/,
    ],
    [
      'cut in its JSON by a proxy that closes it properly',
      { text: text.slice(0, 20), chunked: true },
      /is cut off: it ends after 20 bytes/,
    ],
    ['cut in a text', { text: '{"items":[{"id":"a\\"' }, /is cut off/],
    ['cut inside of a character', { bytes: Buffer.from('{"items":["ü"]}').subarray(0, 12) }, /is cut off/],
    ['shorter than its Content-Length', { text, cutAfter: 5 }, /broke off after 5 bytes/],
    ['without its last chunk', { text, chunked: true, cutAfter: 20 }, /broke off after 20 bytes/],
    ['empty', { text: '' }, /is empty, and not JSON/],
    [
      'a page of maintenance',
      { text: '<html>back in a minute</html>', headers: { 'content-type': 'text/html' } },
      /is a web page \(text\/html\)/,
    ],
    ['a web page that says that it is JSON', { text: '\n<!DOCTYPE html><p>Bad gateway' }, /is a web page/],
    ['not ready', { status: 202, text: '{}' }, /is not ready yet/],
    ['with 403 and Retry-After', { status: 403, text: '', headers: { 'retry-after': '20' } }, /a pause of 20 s/],
  ])('%s', async (_, answer, message) => {
    await expect(itemsOf(answer)).rejects.toMatchObject({
      name: 'RetryableError',
      message: expect.stringMatching(message),
    });
  });
});

describe('an answer that would lose something is a PermanentError', () => {
  test.each<[string, Answer, RegExp]>([
    ['bytes that are not UTF-8', { bytes: Buffer.from('{"items":["Müller"]}', 'latin1') }, /0xfc is not UTF-8/],
    [
      'bytes that its charset does not have',
      { bytes: Buffer.from('{"items":["ü"]}', 'latin1'), headers: json('utf-8') },
      /not UTF-8/,
    ],
    ['a charset that does not exist', { text, headers: json('klingon') }, /charset "klingon" is not known/],
    ['a key that an object has twice', { text: '{"items":[{"id":1,"id":2}]}' }, /"id" occurs twice/],
    ['__proto__', { text: '{"items":[{"__proto__":{"id":1}}]}' }, /"__proto__" is not allowed/],
    ['half of a character', { text: '{"items":["\\ud800"]}' }, /lone surrogate/],
    ['a number beyond all doubles', { text: '{"items":[1e400]}' }, /"1e400" is too large/],
    ['NaN', { text: '{"items":[NaN]}' }, /cannot be read as JSON \(application\/json\): line 1, column 11/],
    ['XML', { text: '<?xml version="1.0"?><users/>' }, /cannot be read as JSON/],
    ['something behind its end', { text: `${text}{"error":1}` }, /cannot be read as JSON/],
  ])('%s', async (_, answer, message) => {
    await expect(itemsOf(answer)).rejects.toMatchObject({
      name: 'PermanentError',
      message: expect.stringMatching(message),
    });
  });

  test('not a page at all', async () => {
    await expect(itemsOf({ status: 304, text: '' })).rejects.toMatchObject({
      name: 'PermanentError',
      message: expect.stringMatching(/answered 304/),
    });
  });
});

describe('numbers', () => {
  const numbers = '[5, 1.5, 19.99, 12345678901234567891, 9007199254740993, 99999999999999.9901, 1e-7, -0.0]';

  test('arrive with every digit', async () => {
    const items = await itemsOf({ text: `{"items":${numbers}}` });
    expect(items.map(String)).toEqual([
      '5',
      '1.5',
      '19.99',
      '12345678901234567891',
      '9007199254740993',
      '99999999999999.9901',
      '1e-7',
      '0',
    ]);
    expect(items.map((item) => typeof item)).toEqual([
      'number',
      'number',
      'number',
      'bigint',
      'bigint',
      'object',
      'number',
      'number',
    ]);
  });

  test('pass a schema for any number; a schema for JavaScript numbers fails with a hint', async () => {
    const { url } = await serve(() => ({ text: '{"items":[{"amount":99999999999999.9901,"id":9007199254740993}]}' }));
    const exact = z.object({ items: z.array(z.object({ amount: z.custom<AnyNumber>(isAnyNumber) })) });
    for await (const { items } of httpPages(httpStep(), {
      url,
      schema: exact,
      items: (body) => body.items,
      paging: byLink<z.infer<typeof exact>>(),
    }))
      expect(String(items[0]?.amount)).toBe('99999999999999.9901');
    const plain = z.object({ items: z.array(z.object({ amount: z.number(), id: z.int() })) });
    const pages = httpPages(httpStep(), {
      url,
      schema: plain,
      items: (body) => body.items,
      paging: byLink<z.infer<typeof plain>>(),
    });
    await expect(pages.next()).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(
        /items\[0\]\.amount: .*\(99999999999999\.9901 has more digits .* z\.custom\(isAnyNumber\)\)\n- items\[0\]\.id: .*\(9007199254740993 is beyond 2\^53/,
      ),
    });
  });
});
