import { expect, test } from 'vitest';
import { aStep, attempt, memoryWorld } from '../runtime/fixtures.ts';

/** The rows of a query, with or without the option `finite`. */
const rowsOf = async (text: string, finite: boolean): Promise<unknown[]> => {
  const rows: unknown[] = [];
  await attempt(memoryWorld(), { step: aStep('query') }, async (step) => {
    rows.push(...(await step.sql(text, {}, { finite })));
  });
  return rows;
};

test.each([
  ['SELECT 1 / n AS x FROM (VALUES (2), (0)) v(n)', 'Infinity'],
  ['SELECT -1.0 / n AS x FROM (VALUES (0)) v(n)', '-Infinity'],
  ['SELECT n / n AS x FROM (VALUES (0)) v(n)', 'NaN'],
  ["SELECT 'infinity'::FLOAT AS x", 'Infinity'],
])('with `finite`, a result that is no finite number fails the query: %s', async (text, value) => {
  expect((await rowsOf(text, false)).length).toBeGreaterThan(0);
  await expect(rowsOf(text, true)).rejects.toMatchObject({
    name: 'ValidationError',
    message: expect.stringContaining(`the column "x" is ${value}, and the query asks for finite numbers`),
  });
});

test('with `finite`, finite numbers and nulls are as they were', async () => {
  const text = "SELECT n / nullif(m, 0) AS x, n, 'NaN' AS t FROM (VALUES (1, 2), (1, 0)) v(n, m)";
  expect(await rowsOf(text, true)).toEqual(await rowsOf(text, false));
});
