import { describe, expect, test } from 'vitest';
import { createLogger } from '../../lib/runtime/logger.ts';

const logged = (message: string, fields?: object) => {
  const lines: string[] = [];
  createLogger({
    facts: { run: 'r1', step: 's', attempt: 2 },
    now: () => 0,
    redact: (text) => text,
    writeLine: (line) => lines.push(line),
  }).info(message, fields);
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
};

describe('a log line', () => {
  test('is one JSON document with run, step and attempt', () => {
    expect(JSON.parse(logged('read', { rows: 3 }))).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      level: 'INFO',
      message: 'read',
      run: 'r1',
      step: 's',
      attempt: 2,
      rows: 3,
    });
  });

  test('cannot be made to say another run, step or level', () => {
    expect(JSON.parse(logged('x', { run: 'other', level: 'DEBUG', message: 'no', attempt: 9 }))).toMatchObject({
      run: 'r1',
      level: 'INFO',
      message: 'x',
      attempt: 2,
    });
  });

  test('has no line breaks, control characters or direction marks of the values in it', () => {
    const line = logged('a\nb\r\u001b[31m\u2028\u202e\u009b', { 'k\n': '\u0000' });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
    expect(JSON.parse(line).message).toBe('a\nb\r\u001b[31m\u2028\u202e\u009b');
  });

  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const thrower = {
    get bad(): never {
      throw new Error('no');
    },
  };
  test.each([
    ['a circle', cycle, { self: '(contains itself)' }],
    ['a bigint', { n: 10n }, { n: '10' }],
    ['a function', { f: Math.max }, { f: 'function max() { [native code] }' }],
    ['a getter that throws', { thrower }, { thrower: '(cannot be shown)' }],
    ['an error', { error: new TypeError('no') }, { error: { error: 'TypeError', cause: 'no' } }],
    ['a long text', { text: 'x'.repeat(9_000) }, { text: `${'x'.repeat(8_192)}… (cut)` }],
    ['half a character', { text: '\ud800' }, { text: '\ufffd' }],
    ['an invalid date', { at: new Date(Number.NaN) }, { at: null }],
  ])('can hold %s', (_what, fields, expected) => {
    expect(JSON.parse(logged('x', fields))).toMatchObject(expected);
  });

  test('stays small for any value', () => {
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, index]));
    expect(logged('x', wide).length).toBeLessThan(5_000);
  });
});
