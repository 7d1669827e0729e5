import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExactNumber } from '../../lib/exact/exact-number.ts';
import { readJson } from '../../lib/exact/read-json.ts';
import { writeJson } from '../../lib/exact/write-json.ts';

describe('writeJson', () => {
  test('writes numbers digit by digit, and dates as moments in UTC', () => {
    const value = {
      id: 9007199254740993n,
      amount: new ExactNumber('99999999999999.9901'),
      at: new Date('2026-01-31T12:00:00+02:00'),
      zero: -0,
      small: 1e-7,
      gone: undefined,
      none: null,
      list: [],
      object: {},
    };
    expect(writeJson(value)).toBe(
      '{"id":9007199254740993,"amount":99999999999999.9901,"at":"2026-01-31T10:00:00.000Z","zero":-0.0,"small":1e-7,"none":null,"list":[],"object":{}}',
    );
  });

  test.each([
    [Number.NaN, 'NaN is not JSON'],
    [{ items: [1, { price: Number.POSITIVE_INFINITY }] }, '.items[1].price: Infinity is not JSON'],
    [[1, undefined], '[1]: undefined is not JSON'],
    // biome-ignore lint/suspicious/noSparseArray: the hole is the subject
    [[1, , 2], '[1]: undefined is not JSON'],
    [undefined, 'undefined is not JSON'],
    ['\ud800', 'a text holds half of a character (a lone surrogate)'],
    [{ '\udc00': 1 }, 'half of a character'],
    [new Date(Number.NaN), 'an invalid Date is not JSON'],
    [{ a: new Map() }, '.a: a Map is not JSON'],
    [Buffer.from('a'), 'a Buffer is not JSON'],
    [() => 1, 'a function is not JSON'],
    [Symbol.iterator, 'a symbol is not JSON'],
  ])('refuses %j', (value, message) => {
    expect(() => writeJson(value)).toThrow(message);
  });

  test('refuses a value that contains itself', () => {
    const list: unknown[] = [];
    list.push({ list });
    expect(() => writeJson(list)).toThrow('[0].list: the value contains itself');
  });

  test('takes the value that toJSON returns', () => {
    expect(writeJson({ url: new URL('https://example.org/') })).toBe('{"url":"https://example.org/"}');
  });

  test('JSON.stringify writes an ExactNumber exactly, too', () => {
    expect(JSON.stringify([new ExactNumber('0.1000000000000000055')])).toBe('[0.1000000000000000055]');
  });

  test('writes plain values as JSON.stringify does, at any indent, and they are read back unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 2), (value, indent) => {
        fc.pre(!/\\ud[89a-f]|__proto__/.test(JSON.stringify(value)) && !hasMinusZero(value));
        expect(writeJson(value, indent)).toBe(JSON.stringify(value, null, indent));
        expect(readJson(writeJson(value, indent))).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });
});

const hasMinusZero = (value: unknown): boolean =>
  Object.is(value, -0) || (typeof value === 'object' && value !== null && Object.values(value).some(hasMinusZero));
