import { describe, expect, test } from 'vitest';
import { prepare } from '../../../lib/runtime/execution/prepare.ts';
import { reconcile } from '../../../lib/runtime/execution/reconcile.ts';
import { aStart, errorOf, keys, memoryWorld, stored } from '../fixtures.ts';

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['date_range'],
  properties: {
    date_range: {
      type: 'object',
      required: ['start_date', 'end_date'],
      properties: { start_date: { type: 'string', format: 'date' }, end_date: { type: 'string', format: 'date' } },
    },
    force_refresh: { type: 'boolean', default: false },
    channels: { type: 'array', items: { type: 'string', pattern: '^#' }, default: ['#data-team'] },
  },
};
const dates = { start_date: '2026-01-01', end_date: '2026-01-31' };
const runOf = async (...args: Parameters<typeof prepare>) => {
  const result = await prepare(...args);
  if (!('run' in result)) throw new Error(JSON.stringify(result));
  return result.run;
};

describe('who a run is', () => {
  test.each([
    [{ daybreak: { run_id: 'backfill.2026-01' } }, 'backfill.2026-01'],
    [{ daybreak: { run_id: 'mine', scheduled_time: '2026-02-01T01:00:00Z' } }, 'mine'],
    [{ daybreak: { scheduled_time: '2026-02-01T02:00:00+01:00' } }, 'sales-20260201T010000Z'],
    [{}, 'name-of-arn-1'],
  ])('%j: %s', async (input, run_id) => {
    expect((await runOf(aStart({ input }), memoryWorld())).run_id).toBe(run_id);
  });

  test('an execution name that no key should hold becomes a digest, the same each time', async () => {
    const start = aStart();
    const odd = { ...start, execution: { ...start.execution, name: 'läuft ohne Ende' } };
    // The first 40 digits of: printf 'läuft ohne Ende' | sha256sum
    expect((await runOf(odd, memoryWorld())).run_id).toBe('x-a16e7d7a3d0a5315ae60bce2a8a827bca181d85b');
  });

  test('the reserved key is not part of the input', async () => {
    const input = { daybreak: { run_id: 'r' }, date_range: dates };
    const world = memoryWorld();
    const run = await runOf(aStart({ input, pipeline: { input_schema: schema } }), world);
    expect(run.input).toEqual({ date_range: dates, force_refresh: false, channels: ['#data-team'] });
    expect(await stored(world.store, 'sales/runs/r/run.json')).toMatchObject({ run_id: 'r', input: run.input });
  });
});

describe('an input that does not fit', () => {
  test('is refused with every violation, its place, its value and what is allowed; nothing is written', async () => {
    const world = memoryWorld();
    const input = {
      daybreak: { run_id: '../x', runid: 1 },
      date_range: { start_date: '2026-13-01' },
      force_refresh: 'yes',
      channels: ['data'],
      extra: 1,
    };
    const error = await errorOf(prepare(aStart({ input, pipeline: { input_schema: schema } }), world));
    expect(error.name).toBe('InvalidInput');
    for (const violation of [
      '/daybreak/run_id: "../x" must be letters, digits',
      '/daybreak: {"run_id":"../x","runid":1} Unrecognized key: "runid"',
      '/date_range/end_date: missing; must be a date such as "2026-01-31"',
      '/date_range/start_date: "2026-13-01" must be a date such as "2026-01-31"',
      '/force_refresh: "yes" must be boolean',
      '/channels/0: "data" must match pattern "^#"',
      '/extra: unknown key; allowed here: date_range, force_refresh, channels',
    ]) {
      expect(error.message).toContain(violation);
    }
    expect(await keys(world.store)).toEqual([]);
  });

  test.each([['a text'], [[1]], [7], [true]])('is not an object: %j', async (input) => {
    expect(await errorOf(prepare(aStart({ input }), memoryWorld()))).toMatchObject({ name: 'InvalidInput' });
  });

  test('holds half a character, which no record can keep: nothing is started', async () => {
    const world = memoryWorld();
    const error = await errorOf(prepare(aStart({ input: { names: ['a', { first: '\ud800' }] } }), world));
    expect(error).toMatchObject({ name: 'InvalidInput' });
    expect(error.message).toContain('/names/1/first: a text holds half of a character');
    expect(await keys(world.store)).toEqual([]);
  });

  test('lists also violations beyond the first twenty', async () => {
    const channels = Array.from({ length: 30 }, (_, index) => `c${index}`);
    const start = aStart({ input: { date_range: dates, channels }, pipeline: { input_schema: schema } });
    expect((await errorOf(prepare(start, memoryWorld()))).message).toContain('/channels/29: "c29"');
  });
});

describe('a scheduled start', () => {
  const schedule = {
    timezone: 'Europe/Berlin',
    input: {
      date_range: { start_date: '{% $yesterday(scheduled_time) %}', end_date: '{% $yesterday(scheduled_time) %}' },
    },
  };
  const tick = { scheduled_time: '2026-02-01T00:30:00Z' };

  test("takes the schedule's input, and the start's keys win", async () => {
    const input = { daybreak: tick, force_refresh: true };
    const run = await runOf(aStart({ input, pipeline: { input_schema: schema, schedule } }), memoryWorld());
    expect(run.scheduled_time).toBe('2026-02-01T00:30:00.000Z');
    expect(run.input).toMatchObject({
      date_range: { start_date: '2026-01-31', end_date: '2026-01-31' },
      force_refresh: true,
    });
  });

  test('that is delivered twice starts once', async () => {
    const world = memoryWorld();
    await prepare(aStart({ arn: 'arn:1', input: { daybreak: tick } }), world);
    world.executions.set('arn:1', 'SUCCEEDED');
    expect(await prepare(aStart({ arn: 'arn:2', input: { daybreak: tick } }), world)).toEqual({
      refused: 'run sales-20260201T003000Z of this scheduled time was already started by arn:1',
    });
  });

  test('whose first execution wrote nothing can be resumed by its run id alone', async () => {
    const input = { daybreak: { run_id: 'sales-20260201T003000Z' } };
    const run = await runOf(aStart({ input, pipeline: { schedule } }), memoryWorld());
    expect(run.input).toEqual({ date_range: { start_date: '2026-01-31', end_date: '2026-01-31' } });
  });

  test('with an expression that has no value is refused with its place', async () => {
    const wrong = { timezone: 'UTC', input: { day: '{% $yesterdy(scheduled_time) %}', other: '{% nothing %}' } };
    const error = await errorOf(
      prepare(aStart({ input: { daybreak: tick }, pipeline: { schedule: wrong } }), memoryWorld()),
    );
    expect(error.message).toContain('/day: "{% $yesterdy(scheduled_time) %}" cannot be evaluated');
    expect(error.message).toContain('/other: "{% nothing %}" has no value');
    expect(error.message).toContain('$yesterday');
  });
});

describe('execution numbers', () => {
  test('a retried Prepare finds its own, with the input of the first', async () => {
    const world = memoryWorld();
    const first = await prepare(aStart({ input: { n: 1 } }), world);
    expect(await prepare(aStart({ input: { n: 1 } }), world)).toEqual(first);
    expect(first).toMatchObject({ run: { execution: 1, input: { n: 1 } } });
  });

  test('a redrive gets the next one, with the input of the execution', async () => {
    const world = memoryWorld();
    await prepare(aStart({ input: { daybreak: { run_id: 'r' }, n: 1 } }), world);
    expect(await runOf(aStart({ input: { daybreak: { run_id: 'r' }, n: 1 }, redrive: 1 }), world)).toMatchObject({
      execution: 2,
      redrive_count: 1,
      input: { n: 1 },
    });
  });

  test('a name that is used again after 90 days is another execution', async () => {
    const world = memoryWorld();
    const start = aStart({ input: { n: 1 } });
    await prepare(start, world);
    const reused = {
      ...start,
      input: { n: 2 },
      execution: { ...start.execution, started_at: '2026-06-01T01:00:00.000Z' },
    };
    expect(await runOf(reused, world)).toMatchObject({ execution: 2, input: { n: 2 } });
  });

  test('a run that another execution works on is not started', async () => {
    const world = memoryWorld();
    const input = { daybreak: { run_id: 'r' } };
    await prepare(aStart({ arn: 'arn:1', input }), world);
    world.executions.set('arn:1', 'RUNNING');
    expect(await prepare(aStart({ arn: 'arn:2', input }), world)).toEqual({
      refused: 'run r is being worked on by arn:1',
    });
    const end = { execution: 1, status: 'FAILED', ended_at: '2026-02-01T01:00:09.000Z' };
    await world.store.put('sales/runs/r/executions/1/end.json', JSON.stringify(end));
    expect(await prepare(aStart({ arn: 'arn:2', input }), world)).toMatchObject({ run: { execution: 2 } });
  });
});

describe('a resumed run', () => {
  test('keeps its last input, unless the start has another', async () => {
    const world = memoryWorld();
    const daybreak = { run_id: 'r' };
    await prepare(aStart({ arn: 'arn:1', input: { daybreak, n: 1 } }), world);
    expect((await runOf(aStart({ arn: 'arn:2', input: { daybreak } }), world)).input).toEqual({ n: 1 });
    expect((await runOf(aStart({ arn: 'arn:3', input: { daybreak, n: 2 } }), world)).input).toEqual({ n: 2 });
    expect((await runOf(aStart({ arn: 'arn:4', input: { daybreak } }), world)).input).toEqual({ n: 2 });
  });

  test('does not take the input of an execution that Prepare refused', async () => {
    const world = memoryWorld();
    const daybreak = { run_id: 'r' };
    const pipeline = { input_schema: { type: 'object', properties: { n: { type: 'integer' } } } };
    await prepare(aStart({ arn: 'arn:1', input: { daybreak, n: 1 }, pipeline }), world);
    const wrong = aStart({ arn: 'arn:2', input: { daybreak, n: 'many' }, pipeline });
    expect(await errorOf(prepare(wrong, world))).toMatchObject({ name: 'InvalidInput' });
    const { arn, name } = wrong.execution;
    const input = JSON.stringify(wrong.input);
    const detail = { executionArn: arn, name, status: 'FAILED', startDate: 0, input, error: 'InvalidInput' } as const;
    expect(await reconcile({ pipeline: 'sales', detail }, world)).toMatchObject({ execution: 2 });
    expect(await runOf(aStart({ arn: 'arn:3', input: { daybreak }, pipeline }), world)).toMatchObject({
      execution: 3,
      input: { n: 1 },
    });
  });

  test('gives new salts to the steps that it is asked to run again, and later executions keep them', async () => {
    const world = memoryWorld();
    const resumed = (arn: string, from?: string[], redrive = 0) =>
      runOf(aStart({ arn, redrive, input: { daybreak: { run_id: 'r', ...(from && { from }) } } }), world);
    expect(await resumed('arn:1')).not.toHaveProperty('salts');
    expect(await resumed('arn:2', ['extract'])).toMatchObject({ execution: 2, salts: { extract: '2' } });
    expect(await resumed('arn:3', ['join'])).toMatchObject({ execution: 3, salts: { extract: '2', join: '3' } });
    expect(await resumed('arn:4')).toMatchObject({ execution: 4, salts: { extract: '2', join: '3' } });
    // A redrive keeps the salts of the first request; it does not ask again.
    expect(await resumed('arn:3', ['join'], 1)).toMatchObject({ execution: 5, salts: { extract: '2', join: '3' } });
  });

  test('refuses steps that the pipeline does not have', async () => {
    const pipeline = { steps: ['extract', 'join'] };
    const input = { daybreak: { run_id: 'r', from: ['extract', 'jion'] } };
    const error = await errorOf(prepare(aStart({ input, pipeline }), memoryWorld()));
    expect(error.message).toContain('/daybreak/from/1: "jion" is not a step of pipeline sales');
  });

  test('is refused when another one came between, and not because of one that died before it began', async () => {
    const world = memoryWorld();
    const resumed = (arn: string, after: number) =>
      prepare(aStart({ arn, input: { daybreak: { run_id: 'r', after } } }), world);
    await prepare(aStart({ input: { daybreak: { run_id: 'r' } } }), world);
    const detail = { executionArn: 'arn:dead', name: 'n', status: 'ABORTED', startDate: 0 } as const;
    await reconcile({ pipeline: 'sales', detail: { ...detail, input: '{"daybreak":{"run_id":"r"}}' } }, world);
    const winner = await resumed('arn:2', 1);
    expect(winner).toMatchObject({ run: { execution: 3 } });
    expect(await resumed('arn:3', 1)).toEqual({
      refused: 'run r was resumed in the meantime by arn:2 (execution 3)',
    });
    expect(await resumed('arn:2', 1)).toEqual(winner);
    expect(await resumed('arn:4', 3)).toMatchObject({ run: { execution: 4 } });
  });

  test('needs a run', async () => {
    const error = await errorOf(prepare(aStart({ input: { daybreak: { from: ['extract'] } } }), memoryWorld()));
    expect(error.message).toContain('"from" and "after" need a "run_id"');
  });

  test.each(['FAILED', 'ABORTED', 'TIMED_OUT', null] as const)(
    'goes on after an execution that is %s',
    async (status) => {
      const world = memoryWorld();
      const input = { daybreak: { run_id: 'r', after: 1 } };
      await prepare(aStart({ arn: 'arn:1', input: { daybreak: { run_id: 'r' }, n: 1 } }), world);
      if (status) world.executions.set('arn:1', status);
      expect(await runOf(aStart({ arn: 'arn:2', input }), world)).toMatchObject({ execution: 2, input: { n: 1 } });
    },
  );

  test('keeps its scheduled time', async () => {
    const world = memoryWorld();
    await prepare(aStart({ input: { daybreak: { scheduled_time: '2026-02-01T01:00:00Z' } } }), world);
    const again = aStart({ arn: 'arn:2', input: { daybreak: { run_id: 'sales-20260201T010000Z' } } });
    expect((await runOf(again, world)).scheduled_time).toBe('2026-02-01T01:00:00.000Z');
  });
});

test('a large input does not travel: it stays in the execution record', async () => {
  const world = memoryWorld();
  const run = await runOf(aStart({ input: { daybreak: { run_id: 'r' }, big: 'x'.repeat(33_000) } }), world);
  expect(run.input).toBeUndefined();
  expect(await stored(world.store, 'sales/runs/r/executions/1.json')).toMatchObject({
    input: { big: 'x'.repeat(33_000) },
  });
});
