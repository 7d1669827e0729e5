import { expect, test } from 'vitest';
import { pointerKey } from '../../../lib/contract/object-keys.ts';
import { emptyPointer } from '../../../lib/contract/published/pointer.ts';
import type { CheckRule, OnViolation } from '../../../lib/contract/records/data-check.ts';
import { keepPoint } from '../../../lib/runtime/profiles/dataset-history.ts';
import { overwriteJson } from '../../../lib/runtime/records/json-objects.ts';
import { aRun, aStep, attempt, errorOf, keys, memoryWorld, type World } from '../fixtures.ts';

const anomaly: CheckRule = { kind: 'anomaly', columns: null, measures: null, runs: 60, threshold: '5' };

const day = (number: number): string => new Date(Date.UTC(2026, 0, 5 + number, 1)).toISOString();

/** Earlier days of 100 rows each, with the mean 5 and without nulls. */
async function past(world: World, days: number, version: number | null = null): Promise<void> {
  const place = { pipeline: 'sales', step: 'made', dataset: 'd' };
  for (let number = 0; number < days; number += 1)
    await keepPoint(world.store, place, {
      ...{ run_id: `past-${number}`, at: day(number), version: version && version + number },
      ...{ rows: 100, columns: { amount: [0, 10, 5, 5] } },
    });
}

const rowsOf = (count: number, amount: (index: number) => number | null) =>
  Array.from({ length: count }, (_, index) => ({ amount: amount(index) }));

const usual = (index: number): number => 0.5 + (index % 10);

async function run(world: World, rows: readonly object[], effect: OnViolation, number = 28): Promise<void> {
  const checks = [{ ...anomaly, name: 'as usual', on_violation: effect }];
  const config = { initialization: {}, outputs: { d: { checks } } };
  const step = aStep('made', { config, profiles: { d: { top_values: true } } } as never);
  await attempt(world, { step, run: aRun({ scheduled_time: day(number) }) }, async (made) => {
    await made.write('d', rows as never, { columns: { amount: 'DOUBLE' } });
    return {};
  });
}

test('data like that of earlier runs passes, and its profile is kept beside the manifest', async () => {
  const world = memoryWorld();
  await past(world, 28);
  await run(world, rowsOf(103, usual), 'block');
  expect((await keys(world.store)).filter((key) => key.includes('/profiles/d/'))).toHaveLength(1);
  expect(world.events.sent.map(({ type }) => type)).not.toContain('data.check_failed');
});

test('half of the rows block, and the error says which figure, the range and where it comes from', async () => {
  const world = memoryWorld();
  await past(world, 28);
  const error = await errorOf(run(world, rowsOf(50, usual), 'block'));
  expect(error.message).toMatch(/as usual: row_count 50; allowed: row_count 8\d to 1[12]\d \(from 4 earlier Mondays\)/);
  // A profile of data that no one sees is none.
  expect((await keys(world.store)).filter((key) => key.includes('/runs/r1/steps/made/profiles/'))).toEqual([]);
});

test('nulls and another mean are found too, and a warning lets the data go on', async () => {
  const world = memoryWorld();
  await past(world, 28);
  await run(
    world,
    rowsOf(100, (index) => (index % 3 === 0 ? null : usual(index) + 50)),
    'warn',
  );
  const [told] = world.events.sent.filter(({ type }) => type === 'data.check_failed');
  expect(told?.detail).toMatchObject({ check: 'as usual', kind: 'anomaly', on_violation: 'warn' });
  expect(JSON.stringify(told?.detail)).toMatch(/null_share\(amount\) 34%.*null_share\(amount\) 0% to/);
  expect(JSON.stringify(told?.detail)).toContain('mean(amount) 5');
});

test('six earlier runs say nothing, and seven do', async () => {
  for (const [days, fires] of [
    [6, false],
    [7, true],
  ] as const) {
    const world = memoryWorld();
    await past(world, days);
    await run(world, rowsOf(1000, usual), 'warn', days);
    expect(world.events.sent.some(({ type }) => type === 'data.check_failed')).toBe(fires);
  }
});

test('a warning of one dataset is reported although another one of the step blocks, and the error names both that block', async () => {
  const world = memoryWorld();
  const rule = (effect: OnViolation) => ({
    checks: [{ kind: 'row_count', min: 5, max: null, name: 'five', on_violation: effect }],
  });
  const config = { initialization: {}, outputs: { a: rule('warn'), b: rule('block'), c: rule('block') } };
  const made = attempt(world, { step: aStep('made', { config } as never) }, async (step) => {
    for (const name of ['a', 'b', 'c']) await step.write(name, [{ n: 1 }], { columns: { n: 'BIGINT' } });
    return {};
  });
  expect((await errorOf(made)).message).toMatch(/2 datasets of step made violate checks.*"b".*five.*"c".*five/s);
  const told = world.events.sent.filter(({ type }) => type === 'data.check_failed').map(({ detail }) => detail);
  expect(told).toMatchObject([{ dataset: 'a' }, { dataset: 'b' }, { dataset: 'c' }]);
});

test('a run whose version was withdrawn is no example', async () => {
  for (const [withdrawn, fires] of [
    [[], true],
    [[{ version: 3 }], false],
  ] as const) {
    const world = memoryWorld();
    await past(world, 7, 1);
    await overwriteJson(world.store, pointerKey('sales'), { ...emptyPointer('sales'), greatest: 7, withdrawn });
    await run(world, rowsOf(1000, usual), 'warn', 7);
    expect(world.events.sent.some(({ type }) => type === 'data.check_failed')).toBe(fires);
  }
});

test('a check reads other datasets of its step, also those without checks', async () => {
  const world = memoryWorld();
  const rule = {
    kind: 'foreign_key',
    columns: ['n'],
    step: 'made',
    dataset: 'keys',
    to: ['n'],
    name: 'known',
    on_violation: 'block',
  };
  const config = { initialization: {}, outputs: { d: { checks: [rule] } } };
  const made = attempt(world, { step: aStep('made', { config } as never) }, async (step) => {
    await step.write('keys', [{ n: 1 }], { columns: { n: 'BIGINT' } });
    await step.write('d', [{ n: 1 }, { n: 2 }], { columns: { n: 'BIGINT' } });
    return {};
  });
  expect((await errorOf(made)).message).toContain('known: 1 of 2 rows');
});
