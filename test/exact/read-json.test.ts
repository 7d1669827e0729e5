import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExactNumber } from '../../lib/exact/exact-number.ts';
import { parseJson } from '../../lib/exact/parse-json.ts';
import { readExactJson, readJson } from '../../lib/exact/read-json.ts';

describe('readJson and readExactJson', () => {
  test('a number that a double holds is a number', () => {
    const text =
      '[0, -1, 19.99, 0.1, 1e2, 9007199254740991, 0.30000000000000004, 1.7976931348623157e308, 5e-324, 100.000000000000000000]';
    const numbers = [0, -1, 19.99, 0.1, 100, 9007199254740991, 0.30000000000000004, Number.MAX_VALUE, 5e-324, 100];
    expect(readExactJson(text)).toEqual(numbers);
    expect(readJson(text)).toEqual(numbers);
  });

  test('rows of data keep every digit of a number', () => {
    expect(readExactJson('{"id": 9007199254740993, "even": 9007199254740994, "amount": 99999999999999.9901}')).toEqual({
      id: 9007199254740993n,
      even: 9007199254740994n,
      amount: new ExactNumber('99999999999999.9901'),
    });
  });

  test('input and records refuse a number that would change, but take an even one beyond 2^53', () => {
    expect(() => readJson('{\n "account": 9007199254740993}')).toThrow(
      'line 2, column 13: the number "9007199254740993" would become 9007199254740992, since a number holds about 16 digits; write it in quotation marks',
    );
    expect(() => readJson('99999999999999.9901')).toThrow('would become 99999999999999.98');
    expect(readJson('100000000000000000000')).toBe(1e20);
  });

  test.each([
    ['{"a":1,"b":2,"a":1}', 'line 1, column 14: the key "a" occurs twice in one object'],
    ['[{"a":1},\n{"a":{"b":1,"\\u0062":2}}]', 'line 2, column 13: the key "b" occurs twice in one object'],
    ['{"a" :1,"a":2,"b":"\\":"}', 'the key "a" occurs twice in one object'],
    ['{"__proto__":{"x":1}}', 'the key "__proto__" is not allowed'],
    ['{"\\u005f_proto__":1}', 'the key "__proto__" is not allowed'],
    ['["\\ud800"]', 'line 1, column 2: a text holds half of a character (a lone surrogate)'],
    ['["\ud800"]', 'half of a character'],
    ['{"\\udc00x":1}', 'half of a character'],
    ['1e400', 'the number "1e400" is too large'],
    ['-1e309', 'the number "-1e309" is too large'],
    ['1e-400', 'the number "1e-400" is too small'],
    ['', 'line 1, column 1: the text ends where a value is expected'],
    ['{"a":1', 'line 1, column 7: the text ends where "," or "}" is expected'],
    ['{"a":1,}', 'line 1, column 8: there is "}" where a key in quotation marks is expected'],
    ['[1,]', 'there is "]" where a value is expected'],
    ['[1 2]', 'there is "2" where "," or "]" is expected'],
    ['01', 'there is "1" where the end of the text is expected'],
    ['+1', 'there is "+" where a value is expected'],
    ['NaN', 'there is "N" where a value is expected'],
    ['"a\nb"', 'a control character in a text is written as an escape'],
    ['"a', 'a text is not closed by a quotation mark'],
    ['"\\x"', '"\\\\x" begins no escape of JSON'],
    ['\u00a01', 'where a value is expected'],
    ['{}{}', 'there is "{" where the end of the text is expected'],
    [`${'['.repeat(501)}${']'.repeat(501)}`, 'the JSON is nested more than 500 levels deep'],
  ])('refuses %j', (text, message) => {
    expect(() => readJson(text)).toThrow(message);
    expect(() => readExactJson(text)).toThrow(message);
  });

  test.each(['-0', '[-0]', '{"a":-0.0}', '{"a": -0e5}', '[1,-0 ]', '{"a":\n-0.000}'])(
    'refuses the zero of %j whose sign would be lost, and keeps it where rows are read',
    (text) => {
      expect(() => readJson(text)).toThrow('would become 0, since JavaScript writes it without its sign; write 0');
      expect(
        JSON.stringify(readExactJson(text), (_, value) => (Object.is(value, -0) ? 'minus zero' : value)),
      ).toContain('minus zero');
    },
  );

  test.each(['-0.5', '[-0.01]', '{"day":"2026-10-00","id":"a-0","text":": -0, -0"}', '[-10]', '[0,-0.0000001]'])(
    'reads %j, which has no such zero',
    (text) => expect(readJson(text)).toEqual(JSON.parse(text)),
  );

  test('texts may hold characters that keys may not', () => {
    const text = '{"constructor":"__proto__","toString":"a \\"b\\": c","":"\\\\","é":"\\u00e9\\ud83d\\ude00"}';
    expect(readJson(text)).toEqual({ constructor: '__proto__', toString: 'a "b": c', '': '\\', é: 'é😀' });
  });

  test('a key with an escape is itself, after any other keys', () => {
    expect(readJson('{"a":1,"x\\\\":1}')).toEqual({ a: 1, 'x\\': 1 });
    expect(readJson('{"a":1,"x\\u0079":1}')).toEqual({ a: 1, xy: 1 });
  });

  test('the output of JSON.stringify is read back unchanged, by the quick and the strict parser', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 1, '\t'), (value, space) => {
        // JSON.stringify has no lone surrogates here and writes -0 as 0.
        const text = JSON.stringify(value, null, space);
        fc.pre(!text.includes('__proto__') && !/\\ud[89a-f]/.test(text));
        expect(readJson(text)).toEqual(JSON.parse(text));
        expect(parseJson(text, 'double')).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  test('the strict parser and JSON.parse agree on texts with any one character changed', () => {
    const given = '{"a":[1,-2.5e3,true,null,"x\\n\\u00e9"],"b":{"c":"\\"","d":[]} }';
    fc.assert(
      fc.property(fc.nat(given.length - 1), fc.constantFrom(...'{}[]":,\\ue0-+.19tn \n\t'), (at, character) => {
        const text = given.slice(0, at) + character + given.slice(at + 1);
        expect(outcome(() => parseJson(text, 'exact'))).toEqual(outcome(() => JSON.parse(text)));
      }),
      { numRuns: 2000 },
    );
  });

  test('a key that stands twice is found anywhere', () => {
    const key = fc.constantFrom('a', 'b', 'a:', '"', '\\', ' :', '":');
    const members = fc.array(fc.tuple(key, fc.constantFrom('1', '"x"', '"\\":"', '{"a" : 2}', '[{"b":3}]')), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(members, fc.constantFrom('', ' '), (pairs, blank) => {
        const text = `{${pairs.map(([name, value]) => `${JSON.stringify(name)}${blank}:${value}`).join(',')}}`;
        const isTwice = new Set(pairs.map(([name]) => name)).size < pairs.length;
        expect(outcome(() => readJson(text)) === 'refused').toBe(isTwice);
      }),
      { numRuns: 2000 },
    );
  });
});

const outcome = (read: () => unknown): unknown => {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return 'refused';
  }
};

const python = (() => {
  try {
    return execFileSync('python3', ['--version'], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
})();

const decimals = `
import sys, json, decimal
decimal.getcontext().prec = 2000
for line in sys.stdin:
    text = line.strip()
    # The shortest decimal form of a double is what repr gives.
    print('held' if decimal.Decimal(text) == decimal.Decimal(repr(float(text))) else 'exact')
`;

test.skipIf(python === null)(
  'a number is kept as text just when Python finds another decimal in its double (needs python3)',
  () => {
    const digits = fc.stringMatching(/^[0-9]{1,25}$/);
    const numbers = fc
      .tuple(
        fc.constantFrom('', '-'),
        digits,
        fc.option(digits, { nil: '' }),
        fc.option(fc.integer({ min: -30, max: 30 }), { nil: null }),
      )
      .map(([sign, whole, part, exponent]) => {
        const plain = `${sign}${whole.replace(/^0+(?=\d)/, '')}${part === '' ? '' : `.${part}`}`;
        return exponent === null ? plain : `${plain}e${exponent}`;
      });
    const texts = fc.sample(numbers, { numRuns: 3000, seed: 1 });
    const input = `${texts.join('\n')}\n`;
    const expected = execFileSync('python3', ['-c', decimals], { input, encoding: 'utf8' }).trim().split('\n');
    const isInteger = (text: string): boolean => /^-?\d+$/.test(text);
    texts.forEach((text, index) => {
      const value = readExactJson(text);
      if (value instanceof ExactNumber) expect([text, 'exact', value.text]).toEqual([text, expected[index], text]);
      else if (typeof value === 'bigint') expect([isInteger(text), String(value)]).toEqual([true, text]);
      else expect([text, 'held', value]).toEqual([text, expected[index], Number(text)]);
    });
    expect(new Set(expected)).toEqual(new Set(['held', 'exact']));
  },
);
