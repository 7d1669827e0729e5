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
  ["replace(repeat('a', 1000000), 'a', repeat('b', 300))", /replace makes at most a text and a replacement/],
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
  ];
  const list = calls.map(([sql]) => `(${sql})::VARCHAR`).join(', ');
  expect(await resultOf(`[${list}]`)).toEqual(calls.map(([, value]) => value));
});
