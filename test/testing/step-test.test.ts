import { defineStep, type JsonObject, PermanentError, RetryableError, ValidationError } from 'daybreak';
import { describe, expect, test } from 'vitest';
import { type Given, stepFailure, stepTest } from '../../lib/testing/index.ts';
import { project } from '../cli/project.ts';

const orders = {
  columns: { order_id: 'BIGINT', total: 'DECIMAL(18,2)', at: 'TIMESTAMP' },
  rows: [
    { order_id: 1, total: '19.90', at: '2026-01-31T12:00:00+02:00' },
    { order_id: 9_007_199_254_740_993n, total: 5, at: new Date(0) },
    { order_id: null, total: null },
  ],
};

describe('a handler alone', () => {
  test('reads rows, results and files of its dependencies, and queries them', async () => {
    const handler = defineStep<{ day: string }, { least: number }>(async (step) => {
      const seen: unknown[] = [];
      for await (const rows of step.rows('extract.orders')) seen.push(...rows.map(({ order_id: id }) => typeof id));
      await step.write('big', step.sql('SELECT order_id FROM extract.orders WHERE total > $least', { ...step.config }));
      const note = (await step.readFile('extract', 'raw.csv')).toString();
      return { seen, note, found: step.result<{ found: number }>('extract').found, day: step.input.day };
    });
    const run = await stepTest(handler, {
      input: { day: '2026-01-31' },
      config: { least: 10 },
      upstream: { extract: { result: { found: 3 }, datasets: { orders }, files: { 'raw.csv': 'a;b' } } },
    });
    expect(run.result).toEqual({ seen: ['number', 'bigint', 'object'], note: 'a;b', found: 3, day: '2026-01-31' });
    expect(run.rows('big')).toEqual([{ order_id: 1 }]);
  });

  test('gives typed rows, columns, files and the result after its way through JSON', async () => {
    const handler = defineStep(async (step) => {
      await step.write('orders', orders.rows, { columns: orders.columns });
      await step.file('page.html', '<p>');
      return { at: new Date(0), none: undefined };
    });
    const run = await stepTest(handler);
    expect(run.result).toEqual({ at: '1970-01-01T00:00:00.000Z' });
    expect(run.datasets).toEqual(['orders']);
    expect(run.columns('orders')).toEqual(orders.columns);
    expect(run.rows('orders')).toEqual([
      { order_id: 1, total: '19.90', at: '2026-01-31T10:00:00.000Z' },
      { order_id: 9_007_199_254_740_993n, total: '5.00', at: '1970-01-01T00:00:00.000Z' },
      { order_id: null, total: null, at: null },
    ]);
    expect(run.files['page.html']?.toString()).toBe('<p>');
    expect(() => run.rows('ordres')).toThrow('the step wrote no dataset "ordres"; it wrote orders');
  });

  test('shows what it logged, how far it was, what it did once and where it would continue', async () => {
    const handler = defineStep<object, object, { page: number }>(async (step) => {
      step.log.info(`page ${step.checkpoint?.page}`, { token: await step.secret('token') });
      await step.progress(1, 2, 'half');
      const sent = [await step.once('mail', () => 1), await step.once('bill', () => 1)];
      await step.yieldIfDue({ page: 4 });
      const chunks: Uint8Array[] = [];
      for await (const chunk of (await step.object('in/a.csv')) ?? []) chunks.push(chunk);
      return { sent, text: Buffer.concat(chunks).toString(), attempt: step.attempt, last: step.isLastAttempt };
    });
    const run = await stepTest(handler, {
      secrets: { token: 's3cret-token' },
      checkpoint: { page: 3 },
      done: ['mail'],
      sources: { 'in/a.csv': 'a,b' },
      attempt: 3,
    });
    expect(run.result).toEqual({ sent: [false, true], text: 'a,b', attempt: 3, last: true });
    expect(run.logs).toMatchObject([{ level: 'INFO', message: 'page 3', attempt: 3 }]);
    expect(JSON.stringify(run.logs)).not.toContain('s3cret-token');
    expect(run.progress).toEqual([{ done: 1, total: 2, message: 'half' }]);
    expect(run).toMatchObject({ yields: [{ page: 4 }], once: ['bill'] });
  });

  test('a failure is the error that the handler threw, in its own class', async () => {
    const cause = new Error('ECONNREFUSED');
    const handler = defineStep((step) => {
      step.log.warn('before');
      throw new RetryableError('busy', { cause, retryAfter: 30 });
    });
    await expect(stepTest(handler)).rejects.toThrow(RetryableError);
    const failure = await stepFailure(handler);
    expect(failure).toMatchObject({ name: 'RetryableError', message: 'busy', isRetried: true, retryAfter: 30 });
    expect(failure.error.cause).toBe(cause);
    expect(failure.logs[0]).toMatchObject({ level: 'WARN', message: 'before' });
    expect(await stepFailure(handler, { attempt: 3 })).toMatchObject({ isRetried: false });
    const permanent = defineStep(() => {
      throw new PermanentError('no');
    });
    expect(await stepFailure(permanent)).toMatchObject({ name: 'PermanentError', isRetried: false, retryAfter: null });
    await expect(stepFailure(defineStep(() => 1))).rejects.toThrow(
      'the step succeeded, but the test expects a failure; its result is 1',
    );
  });

  test.each<[string, Parameters<typeof defineStep>[0], object, string]>([
    [
      'a value that does not fit its column',
      (step) => step.write('d', [{ a: 1.5 }], { columns: { a: 'BIGINT' } }),
      {},
      'row 1 does not fit',
    ],
    [
      'a number that is not finite',
      (step) => step.write('d', [{ a: 1 / 0 }], { columns: { a: 'DOUBLE' } }),
      {},
      'it is not finite',
    ],
    [
      'columns other than those declared',
      (step) => step.write('d', [], { columns: { a: 'DOUBLE' } }),
      { outputs: { d: { schema: { a: 'BIGINT' } } } },
      '"a" is written as DOUBLE, and is declared as BIGINT',
    ],
    [
      'a declared dataset that is not written',
      () => 1,
      { outputs: { d: {} } },
      'did not write what is declared under "outputs"',
    ],
    [
      'a result that does not fit',
      () => ({ n: 'x' }),
      { resultSchema: { type: 'object', properties: { n: { type: 'integer' } } } },
      '/n',
    ],
  ])('%s fails as in a pipeline', async (_, body, given, text) => {
    const failure = await stepFailure(defineStep(body as never), given);
    expect(failure.error).toBeInstanceOf(ValidationError);
    expect(failure).toMatchObject({ name: 'ValidationError', isRetried: false });
    expect(failure.message).toContain(text);
  });

  test('a rejection that no one awaits fails it too', async () => {
    const handler = defineStep(() => void Promise.reject(new Error('lost')));
    await expect(stepTest(handler)).rejects.toThrow('lost');
  });
});

const template = `name: sales
input_schema:
  type: object
  required: [day]
  properties: { day: { type: string, format: date }, least: { type: number, default: 10 } }
steps:
  - name: extract
    handler: extract
    outputs: { orders: { schema: { order_id: BIGINT, total: "DECIMAL(18,2)" } } }
    secrets: [token]
    retry: { max_attempts: 2 }
  - name: big
    dependencies: [extract]
    sql: { query: "SELECT * FROM extract.orders WHERE total >= $least", params: { least: "{% input.least %}" } }
  - name: report
    dependencies: [extract, big]
    trigger_rule: all_done
    handler: { callable: report, initialization: { title: Sales } }
    result_schema: { type: object, required: [big] }
environments:
  staging: { steps: [{ name: report, handler: { initialization: { title: Test } } }] }
`;
const files = {
  'pipelines/sales.yaml': template,
  'pipelines/broken.yaml': 'name: broken\nsteps: [{ name: a, handlr: b }]\n',
  'lambdas/steps/sales/report.ts': `export const handler = { stepFunction: async (step) => ({ big: step.result('big') ?? null, title: step.config.title }) };\n`,
};
const rows = [
  { order_id: 1, total: '9.99' },
  { order_id: 2, total: '10.00' },
];

describe('a step of a template', () => {
  test('may be SQL, on rows with the columns that the template knows, and on input with its defaults', async () => {
    const root = await project(files);
    const run = await stepTest('sales.big', {
      root,
      input: { day: '2026-01-31' },
      upstream: { extract: { datasets: { orders: rows } } },
    });
    expect(run.result).toEqual({ row_count: 1 });
    expect(run.rows('big')).toEqual([{ order_id: 2, total: '10.00' }]);
    const wrong = {
      root,
      input: { day: '2026-01-31' },
      upstream: { extract: { datasets: { orders: [{ order: 1 }] } } },
    };
    await expect(stepTest('sales.big', wrong)).rejects.toThrow('the column is not declared');
    await expect(stepTest('sales.big', { root, input: { day: 'x' } })).rejects.toThrow(
      'the input of the test does not fit sales',
    );
  });

  test('takes configuration, schemas, budgets and secrets from the template, also of an environment', async () => {
    const root = await project(files);
    const input = { day: '2026-01-31' };
    const report = { root, input, upstream: { extract: 'failed', big: 'blocked' } } as const;
    expect((await stepTest('sales.report', report)).result).toEqual({ big: null, title: 'Sales' });
    expect((await stepTest('sales.report', { ...report, env: 'staging' })).result).toEqual({
      big: null,
      title: 'Test',
    });
    const handler = defineStep('sales.extract', async (step) => ({
      last: step.isLastAttempt,
      key: await step.secret('key'),
    }));
    const failure = await stepFailure(handler, { root, input, secrets: { key: 'x' } });
    expect(failure.message).toBe('the secret "key" is not declared under the step\'s "secrets"; declared: token');
    const silent = defineStep('sales.extract', async (step) => void (await step.secret('token')));
    expect((await stepFailure(silent, { root, input })).message).toContain('the test gives no secret "token"');
    expect(
      (await stepFailure(silent, { root, input, secrets: { token: 'long-token' }, attempt: 2 })).message,
    ).toContain('did not write what is declared');
    expect(
      await stepFailure(
        defineStep('sales.extract', () => Promise.reject(new Error('x'))),
        { root, input, attempt: 2 },
      ),
    ).toMatchObject({ isRetried: false });
  });

  test.each([
    ['a step that does not exist', 'sales.reprot', {}, 'there is no step "sales.reprot"; did you mean "sales.report"?'],
    ['a pipeline that does not exist', 'slaes.report', {}, 'did you mean "sales"?'],
    [
      'a handler that Node cannot load',
      'sales.extract',
      {},
      "import the handler in the test and pass it: stepTest(handler, { step: 'sales.extract' })",
    ],
    ['a wrong template', 'broken.a', {}, 'a step has no key "handlr"'],
    [
      'a dependency that is left out',
      'sales.report',
      { upstream: { big: {} } },
      '"upstream" has to give extract too, if only as {}',
    ],
    [
      'a step that is no dependency',
      'sales.big',
      { upstream: { extrct: {} } },
      '"upstream" has extrct, but the dependencies of step "big" are: extract',
    ],
    [
      'rows of a dataset without known columns',
      'sales.big',
      { upstream: { extract: { datasets: { other: [{ a: 1 }] } } } },
      'the columns of "extract.other" are not known; give { columns',
    ],
    [
      'dependencies after which the step does not run',
      'sales.big',
      { upstream: { extract: 'failed' } },
      'blocked by extract',
    ],
    [
      'a handler of several steps',
      null,
      {},
      "this handler is of sales.big and sales.report; say which of them is tested: { step: 'sales.big' }",
    ],
  ])('%s is an error that says so', async (_, name, given, text) => {
    const root = await project(files);
    const all = { root, input: { day: '2026-01-31' }, ...given } as Given<JsonObject, JsonObject>;
    const several = defineStep(['sales.big', 'sales.report'], () => 1);
    await expect(name === null ? stepTest(several, all) : stepTest(name, all)).rejects.toThrow(text);
  });
});
