import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../lib/contract/json.ts';
import type { SqlQueries } from '../../../lib/contract/sql-queries.ts';
import { runSql } from '../../../lib/runtime/attempt/run-sql.ts';
import type { SqlConfig } from '../../../lib/runtime/attempt/sql-parameters.ts';
import type { Step } from '../../../lib/runtime/step.ts';

/** The answer of a query, by its text. */
type Answers = Readonly<Record<string, readonly object[]>>;

/** A step whose queries give fixed answers, and that notes each request. */
const stepWith = (answers: Answers, params: Record<string, Json> = {}) => {
  const asked: object[] = [];
  const step = {
    name: 'a',
    input: {},
    config: { params },
    run: {},
    sql(text: string, values: object, { name, finite }: { name: string; finite: boolean }) {
      asked.push({ name, values, ...(finite && { finite }) });
      return (async function* () {
        for (const row of answers[text] ?? []) yield [row];
      })();
    },
    async write(name: string, query: AsyncIterable<object[]>) {
      let rows = 0;
      for await (const batch of query) rows += batch.length;
      asked.push({ written: name });
      return rows;
    },
  };
  return { asked, step: step as unknown as Step<JsonObject, SqlConfig> };
};

const two: SqlQueries = {
  form: 'several',
  datasets: [
    { name: 'first', text: 'first $a', file: 'x/first.sql' },
    { name: 'second', text: "second $B -- '$c'", file: null },
  ],
  result: null,
};

describe('an SQL step', () => {
  test('of one query writes its dataset and answers with the row count', async () => {
    const { step, asked } = stepWith({ q: [{ n: 1 }, { n: 2 }] });
    const queries: SqlQueries = { form: 'one', datasets: [{ name: 'd', text: 'q', file: 'd.sql' }], result: null };
    expect(await runSql(queries)(step)).toEqual({ row_count: 2 });
    expect(asked).toEqual([{ name: 'd.sql (step a)', values: {} }, { written: 'd' }]);
  });

  test('of several runs one after the other, gives each the parameters that it names, and answers with all row counts', async () => {
    const { step, asked } = stepWith({ 'first $a': [{ n: 1 }] }, { a: 1, b: 'x', c: true });
    expect(await runSql(two)(step)).toEqual({ row_counts: { first: 1, second: 0 } });
    expect(asked).toEqual([
      { name: 'x/first.sql (step a)', values: { a: 1 } },
      { written: 'first' },
      { name: 'second (step a)', values: { b: 'x' } },
      { written: 'second' },
    ]);
  });

  test('that asks for finite numbers asks it of every query', async () => {
    const { step, asked } = stepWith({ r: [{ n: 1 }] });
    await runSql({ ...two, result: { text: 'r', file: null }, finite: true })(step);
    const queries = asked.filter((one) => 'name' in one);
    expect(queries.length).toBe(3);
    for (const query of queries) expect(query).toMatchObject({ finite: true });
  });

  test('with a query for the result answers with its row', async () => {
    const queries: SqlQueries = { ...two, result: { text: 'r', file: null } };
    const row = {
      n: 2n ** 60n,
      total: '1.50',
      day: '2026-01-31',
      ratio: 0.5,
      list: [{ n: 2n ** 60n }, null],
      missing: null,
    };
    expect(await runSql(queries)(stepWith({ r: [row] }).step)).toEqual({
      ...row,
      n: '1152921504606846976',
      list: [{ n: '1152921504606846976' }, null],
    });
  });

  test.each([
    ['none', []],
    ['several', [{ n: 1 }, { n: 2 }]],
  ])('whose result has %s rows fails with a ValidationError', async (how, rows) => {
    const queries: SqlQueries = { ...two, result: { text: 'r', file: 'sum.sql' } };
    await expect(runSql(queries)(stepWith({ r: rows }).step)).rejects.toMatchObject({
      name: 'ValidationError',
      message: `the result of a step is one row, but the query "sum.sql (step a)" gives ${how}`,
    });
  });
});
