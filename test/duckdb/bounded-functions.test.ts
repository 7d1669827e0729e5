import { expect, test } from 'vitest';
import { aStep, attempt, memoryWorld } from '../runtime/fixtures.ts';

const resultOf = async (expression: string): Promise<unknown> => {
  const rows: { x?: unknown }[] = [];
  await attempt(memoryWorld(), { step: aStep('query') }, async (step) => {
    rows.push(...(await step.sql<{ x: unknown }>(`SELECT ${expression} AS x FROM range(1) t(n)`)));
  });
  return rows[0]?.x;
};

test.each([
  ["lpad('x', 1000000000, 'y')", /lpad makes at most 65536 characters/],
  ["rpad('x', n::INTEGER + 65537, 'y')", /rpad makes at most 65536 characters/],
  ['list_resize([1], 1000000000)', /list_resize makes at most lists of 16384 items/],
  ["array_resize(['a'], 1000000000, 'b')", /array_resize makes at most lists of 16384 items/],
  [
    "replace(string_agg(repeat('a', 50000), '') OVER (), 'a', repeat('b', 3000))",
    /replace makes at most a text and a replacement/,
  ],
  ["repeat('a', 65537)", /repeat makes at most 65536 bytes of text or items of a list/],
  ["repeat('\u00e9', n::INTEGER + 32769)", /repeat makes at most 65536 bytes/],
  ["octet_length(repeat('ab'::BLOB, 9223372036854775807))", /repeat makes at most 65536 bytes/],
  ['repeat([1, 2], 32769)', /repeat makes at most 65536 bytes of text or items/],
])('%s fails with its reason, and fills no memory', async (expression, message) => {
  const before = process.memoryUsage.rss();
  await expect(resultOf(expression)).rejects.toMatchObject({
    name: 'ValidationError',
    message: expect.stringMatching(message),
  });
  expect(process.memoryUsage.rss() - before).toBeLessThan(400 * 1024 * 1024);
});

test('usual calls give what DuckDB gives', async () => {
  const calls: readonly (readonly [string, string | null])[] = [
    ["lpad('7', 3, '0')", '007'],
    ["('7').rpad(3, '0')", '700'],
    ["lpad(NULL, 3, '0')", null],
    ["lpad('abc', 2, 'x')", 'ab'],
    ['list_resize([1, 2], 3)', '[1, 2, NULL]'],
    ['list_resize([1, 2], 3, 9)', '[1, 2, 9]'],
    ['array_resize([1, 2], 1)', '[1]'],
    ["replace('aXbX', 'X', '--')", 'a--b--'],
    ["replace('abc', 'b', NULL)", null],
    ["repeat('ab', 3)", 'ababab'],
    ["repeat('\\xAB'::BLOB, 2)", '\\xAB\\xAB'],
    ['repeat([1, NULL], 2)', '[1, NULL, 1, NULL]'],
    ["repeat('', 100000)", ''],
    ["repeat('a', -1)", ''],
    ["strlen(repeat('a', 65536))", '65536'],
  ];
  const list = calls.map(([sql]) => `(${sql})::VARCHAR`).join(', ');
  expect(await resultOf(`[${list}]`)).toEqual(calls.map(([, value]) => value));
});

test('calls inside each other are planned once each', async () => {
  const digits = Array.from({ length: 30 }, (_, index) => String(index % 10));
  const nested = digits.reduce(
    (inner, digit) => `replace(lpad(${inner}, 3, repeat('0', 2)), '${digit}', '#')`,
    "'a1b'",
  );
  expect(await resultOf(nested)).toBe('a#b');
});
