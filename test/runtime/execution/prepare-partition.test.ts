import { describe, expect, test } from 'vitest';
import type { PrepareEvent } from '../../../lib/contract/payloads.ts';
import { prepare } from '../../../lib/runtime/execution/prepare.ts';
import { aStart, errorOf, keys, memoryWorld, stored } from '../fixtures.ts';

const rule = { by: 'day', key: 'day', timezone: 'Europe/Berlin' } as const;
const overlap = { policy: 'skip', key: 'day' } as const;

const starting = (input: object, pipeline: Partial<PrepareEvent['pipeline']> = {}, started_at?: string) => {
  const start = aStart({ input: input as never, pipeline: { partition: rule, overlap, ...pipeline } });
  return started_at === undefined ? start : { ...start, execution: { ...start.execution, started_at } };
};
const runOf = async (...args: Parameters<typeof prepare>) => {
  const result = await prepare(...args);
  if (!('run' in result)) throw new Error(JSON.stringify(result));
  return result.run;
};
const now = '2026-11-30T12:00:00Z';

describe('the partition of a run', () => {
  test('is the one that the input names, with its bounds; the run, its execution and its input have it', async () => {
    const world = memoryWorld();
    const run = await runOf(starting({ day: '2026-10-25' }, {}, now), world);
    const partition = { name: '2026-10-25', start: '2026-10-24T22:00:00Z', end: '2026-10-25T23:00:00Z' };
    expect(run).toMatchObject({ partition, input: { day: '2026-10-25' } });
    expect(await stored(world.store, `sales/runs/${run.run_id}/run.json`)).toMatchObject({ partition });
    expect(await stored(world.store, `sales/runs/${run.run_id}/executions/1.json`)).toMatchObject({ partition });
  });

  test.each([
    // 01:00 in Berlin, in winter and on the mornings of both clock changes.
    ['2026-11-30T00:00:00Z', '2026-11-29'],
    ['2026-10-25T23:00:00Z', '2026-10-25'],
    ['2026-03-29T22:00:00Z', '2026-03-29'],
    ['2026-11-29T22:59:00Z', '2026-11-28'],
  ])('of a start scheduled for %s is the last complete one, %s, however late it comes', async (time, name) => {
    const input = { daybreak: { scheduled_time: time } };
    const run = await runOf(
      starting(input, { schedule: { timezone: 'Europe/Berlin', input: {} } }, now),
      memoryWorld(),
    );
    expect(run).toMatchObject({ partition: { name }, input: { day: name } });
  });

  test('of a scheduled start is the one that the input of the schedule names, if it does', async () => {
    const schedule = { timezone: 'Europe/Berlin', input: { day: '{% $days_ago(scheduled_time, 3) %}' } };
    const input = { daybreak: { scheduled_time: '2026-11-30T00:00:00Z' } };
    expect(await runOf(starting(input, { schedule }, now), memoryWorld())).toMatchObject({
      partition: { name: '2026-11-27' },
    });
  });

  test.each([
    [{ day: '2026-02-30' }, '/day: "2026-02-30" is no day of the calendar'],
    [{ day: 20261129 }, '/day: 20261129 is no day, such as "2026-11-29"'],
    [{}, '/day: is missing; a run works on one day, such as "2026-11-29"'],
    [{ day: '2026-12-01' }, '/day: "2026-12-01" has not begun yet'],
    [{ day: '2025-12-31' }, '/day: "2025-12-31" lies before the first day of the pipeline, "2026-01-01"'],
  ])('%j is refused, and nothing is written', async (input, message) => {
    const world = memoryWorld();
    const start = starting(input, { partition: { ...rule, start: '2026-01-01' } }, now);
    const error = await errorOf(prepare(start, world));
    expect(error).toMatchObject({ name: 'InvalidInput', message: expect.stringContaining(message) });
    expect(await keys(world.store)).toEqual([]);
  });

  test('stays that of the run when it is resumed, with or without an input; another one is refused', async () => {
    const world = memoryWorld();
    const { run_id } = await runOf(starting({ day: '2026-11-29' }, {}, now), world);
    const again = (input: object, arn: string) => {
      const start = starting({ ...input, daybreak: { run_id } }, {}, now);
      world.executions?.set(start.execution.arn, 'FAILED');
      return { ...start, execution: { ...start.execution, arn, name: arn } };
    };
    expect(await runOf(again({}, 'arn:2'), world)).toMatchObject({ partition: { name: '2026-11-29' } });
    world.executions?.set('arn:2', 'FAILED');
    expect(await runOf(again({ more: 1 }, 'arn:3'), world)).toMatchObject({
      partition: { name: '2026-11-29' },
      input: { day: '2026-11-29', more: 1 },
    });
    world.executions?.set('arn:3', 'FAILED');
    const error = await errorOf(prepare(again({ day: '2026-11-28' }, 'arn:4'), world));
    expect(error.message).toContain('"2026-11-28" is not the day of this run, "2026-11-29"');
  });

  test('has the turn: two partitions run side by side, two runs of one do not', async () => {
    const world = memoryWorld();
    const start = (day: string, arn: string) => {
      const one = starting({ day }, {}, now);
      return { ...one, execution: { ...one.execution, arn, name: arn.replace('arn:', '') } };
    };
    expect(await prepare(start('2026-11-29', 'arn:a'), world)).toHaveProperty('run.lease.fence', 1);
    expect(await prepare(start('2026-11-28', 'arn:b'), world)).toHaveProperty('run.lease.fence', 1);
    world.executions?.set('arn:a', 'RUNNING');
    expect(await prepare(start('2026-11-29', 'arn:c'), world)).toMatchObject({
      refused: expect.stringContaining('one run at a time for each day, here "2026-11-29"'),
    });
  });
});
