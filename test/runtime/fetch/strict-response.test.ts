import { describe, expect, test } from 'vitest';
import { fetchOverHttp } from '../../../lib/runtime/fetch/fetch-over-http.ts';
import { exactJson } from '../../../lib/runtime/fetch/strict-response.ts';
import { type Answer, serve } from '../../connectors/web-server.ts';
import { errorOf } from '../fixtures.ts';

const { signal } = new AbortController();
const answered = async (answer: Answer): Promise<Response> => {
  const { url } = await serve(() => answer);
  return fetchOverHttp(`${url}/x?token=SECRET`, {}, { signal, now: Date.now });
};

const latin1 = Buffer.from('Müller', 'latin1');

describe('text()', () => {
  test('follows the charset, and a byte order mark', async () => {
    const headers = { 'content-type': 'text/csv; charset=windows-1252' };
    expect(await (await answered({ bytes: latin1, headers })).text()).toBe('Müller');
    expect(await (await answered({ bytes: Buffer.from('\ufeffMüller', 'utf16le') })).text()).toBe('Müller');
    expect(await (await answered({ text: '\ufeffMüller' })).text()).toBe('Müller');
  });

  test('never makes U+FFFD', async () => {
    const error = await errorOf((await answered({ bytes: latin1 })).text());
    expect(error).toMatchObject({
      name: 'PermanentError',
      message: expect.stringMatching(/\/x is not text .*0xfc/),
    });
    expect(error.message).not.toContain('SECRET');
  });
});

describe('json()', () => {
  test('gives what a number of JavaScript holds', async () => {
    const text = '{"a":[1,19.99,"x",null,true,{"b":1e300}]}';
    expect(await (await answered({ text })).json()).toEqual(JSON.parse(text));
  });

  test.each([
    ['{"id":9007199254740993}', 'PermanentError', /the number 9007199254740993, .* exactJson\(response\)/],
    ['[{"a":99999999999999.9901}]', 'PermanentError', /the number 99999999999999\.9901/],
    ['{"a":1,"a":2}', 'PermanentError', /"a" occurs twice/],
    ['{"a":1e400}', 'PermanentError', /too large/],
    ['{"a":[1,', 'RetryableError', /is cut off/],
    ['', 'RetryableError', /is empty/],
    ['<html>soon</html>', 'RetryableError', /is a web page/],
  ])('refuses %s', async (text, name, message) => {
    expect(await errorOf((await answered({ text })).json())).toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });
});

test('exactJson gives numbers with every digit', async () => {
  const json = await exactJson(await answered({ text: '[9007199254740993,99999999999999.9901,1.5]' }));
  expect((json as unknown[]).map(String)).toEqual(['9007199254740993', '99999999999999.9901', '1.5']);
});
