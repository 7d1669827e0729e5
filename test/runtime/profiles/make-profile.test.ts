import { expect, test } from 'vitest';
import { profileHistoryKey } from '../../../lib/contract/object-keys.ts';
import type { ColumnProfile, Profile, ProfileHistory } from '../../../lib/contract/profiles/profile.ts';
import { keepProfiles } from '../../../lib/runtime/profiles/keep-profiles.ts';
import { aRun, aStep, attempt, keys, memoryWorld, stored, type World } from '../fixtures.ts';

const profiled = { profiles: { d: { top_values: true } } };

async function profileOf(world: World): Promise<Profile | null> {
  const [key] = (await keys(world.store)).filter((one) => one.includes('/profiles/d/'));
  return key === undefined ? null : ((await stored(world.store, key)) as unknown as Profile);
}

/** The profile of a step that writes these rows as the dataset `d`. */
async function profile(
  rows: readonly Readonly<Record<string, unknown>>[],
  columns: Readonly<Record<string, string>>,
  over: object = profiled,
): Promise<Profile | null> {
  const world = memoryWorld();
  await attempt(world, { step: aStep('made', over as never) }, async (step) => {
    await step.write('d', rows as never, { columns });
    return {};
  });
  return profileOf(world);
}

test('a profile has the exact figures of a small dataset, as a calculation by hand gives them', async () => {
  const rows = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => ({
    id: BigInt(n) + 9007199254740993n,
    amount: `${n}.10`,
    share: n === 10 ? null : n / 4,
    word: n <= 5 ? 'a' : n <= 8 ? 'b' : n === 9 ? 'c' : null,
    ok: n <= 7,
    day: `2026-01-${String(n).padStart(2, '0')}`,
    at: n === 1 ? null : `2026-01-01T00:00:0${n % 10}.123456Z`,
    items: n <= 2 ? [1] : null,
  }));
  const found = await profile(rows, {
    id: 'BIGINT',
    amount: 'DECIMAL(18,2)',
    share: 'DOUBLE',
    word: 'VARCHAR',
    ok: 'BOOLEAN',
    day: 'DATE',
    at: 'TIMESTAMP',
    items: 'INTEGER[]',
  });
  expect(found).toMatchObject({ format: 1, step: 'made', dataset: 'd', rows: 10, sampled: 10 });
  const columns = found?.columns ?? {};
  // Two of twenty bars per value: 1 + 9 i / 20 begins bar i.
  const oneToTen = [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1];
  expect(columns.id).toMatchObject({ nulls: 0, distinct: 10, min: '9007199254740994', max: '9007199254741003' });
  expect(columns.amount).toMatchObject({
    nulls: 0,
    distinct: 10,
    min: '1.10',
    max: '10.10',
    mean: 5.6,
    quantiles: { '0.05': '1.10', '0.25': '3.10', '0.5': '5.10', '0.75': '8.10', '0.95': '10.10' },
  });
  expect(columns.day?.histogram).toEqual(oneToTen);
  expect(columns.day).toMatchObject({ min: '2026-01-01', max: '2026-01-10' });
  expect(columns.share).toMatchObject({ nulls: 1, min: '0.25', max: '2.25', mean: 1.25 });
  expect(columns.word).toMatchObject({
    nulls: 1,
    distinct: 3,
    min: 'a',
    max: 'c',
    top: [
      { value: 'a', count: 5 },
      { value: 'b', count: 3 },
      { value: 'c', count: 1 },
    ],
  });
  expect(columns.word).not.toHaveProperty('mean');
  expect(columns.ok).toMatchObject({
    distinct: 2,
    top: [
      { value: 'true', count: 7 },
      { value: 'false', count: 3 },
    ],
  });
  expect(columns.at).toMatchObject({ nulls: 1, min: '2026-01-01 00:00:00.123456', max: '2026-01-01 00:00:09.123456' });
  expect(columns.items).toEqual({ type: 'INTEGER[]', nulls: 8, distinct: 1 });
});

test('hostile names and values, extremes and no rows at all make a profile too', async () => {
  const columns = {
    'a"b; DROP': 'VARCHAR',
    huge: 'DOUBLE',
    wide: 'DECIMAL(38,0)',
    sample: 'TIMESTAMP',
  };
  const long = `${'x'.repeat(5000)}"'\u0001`;
  const digits = '9'.repeat(38);
  const rows = [
    { 'a"b; DROP': long, huge: 1.7e308, wide: digits, sample: '0001-01-01T00:00:00Z' },
    {
      'a"b; DROP': "it's",
      huge: -1.7e308,
      wide: `-${digits}`,
      sample: '9999-12-31T23:59:59Z',
    },
  ];
  const found = (await profile(rows, columns))?.columns ?? {};
  const text = found['a"b; DROP'] as ColumnProfile;
  expect(text.max).toBe(`${'x'.repeat(99)}…`);
  expect(text.top?.map(({ value }) => value.length)).toEqual([4, 100]);
  expect(found.huge).toMatchObject({ min: '-1.7e+308', max: '1.7e+308', mean: 0 });
  expect(found.huge?.histogram?.[0]).toBe(1);
  expect(found.huge?.histogram?.[19]).toBe(1);
  expect(found.wide).toMatchObject({ min: `-${digits}`, max: digits });
  expect(found.sample?.histogram?.reduce((sum, one) => sum + one, 0)).toBe(2);
  const empty = await profile([], columns);
  expect(empty).toMatchObject({ rows: 0, sampled: 0 });
  expect(empty?.columns.huge).toEqual({
    type: 'DOUBLE',
    nulls: 0,
    distinct: 0,
    min: null,
    max: null,
    mean: null,
    deviation: null,
    top: [],
  });
});

test('NaN and infinities are counted, and leave the other figures alone', async () => {
  const world = memoryWorld();
  await attempt(world, { step: aStep('made', profiled as never) }, async (step) => {
    await step.write('d', step.sql("SELECT unnest(['NaN', 'Infinity', '-Infinity', '1', '3'])::DOUBLE AS x"));
    return {};
  });
  const found = (await profileOf(world))?.columns.x;
  expect(found).toMatchObject({ not_finite: 3, nulls: 0, min: '1.0', max: '3.0', mean: 2 });
  expect(found?.histogram?.reduce((sum, one) => sum + one, 0)).toBe(2);
});

test.each(['0.37', '0', '1e-320', '1.7e308'])('a column whose only value is %s has a deviation of 0', async (x) => {
  const found = await profile([{ x: Number(x) }, { x: Number(x) }], { x: 'DOUBLE' });
  expect(found?.columns.x).toMatchObject({ deviation: 0, distinct: 1, min: expect.any(String) });
});

test('values that hardly differ, and those at both ends of a DOUBLE, have a profile', async () => {
  for (const [one, two] of [
    [1, 1 + Number.EPSILON],
    [0, 5e-324],
    [-1.7e308, 1.7e308],
    [1e308, 1e308 + 2e292],
  ] as const) {
    const found = await profile([{ x: one }, { x: two }], { x: 'DOUBLE' });
    expect(
      found?.columns.x?.histogram?.reduce((sum, count) => sum + count, 0),
      `${one} and ${two}`,
    ).toBe(2);
  }
});

test('top_values: false keeps every text and every frequent value out', async () => {
  const rows = [{ email: 'ada@example.org', age: 36 }];
  const columns = { email: 'VARCHAR', age: 'BIGINT' };
  const found = await profile(rows, columns, { profiles: { d: { top_values: false } } });
  expect(JSON.stringify(found)).not.toContain('ada@');
  expect(found?.columns.email).toEqual({ type: 'VARCHAR', nulls: 0, distinct: 1 });
  expect(found?.columns.age).not.toHaveProperty('top');
  expect(await profile(rows, columns, { profiles: { d: null } })).toBeNull();
  expect(await profile(rows, columns, { profiles: { other: { top_values: true } } })).toBeNull();
  expect(await profile(rows, columns, { profiles: { '*': { top_values: true } } })).toMatchObject({ rows: 1 });
});

test('rows in quarantine are not part of the profile', async () => {
  const rule = { kind: 'not_null', columns: ['n'], name: 'rule', on_violation: 'quarantine' };
  const config = { initialization: {}, outputs: { d: { checks: [rule] } } };
  const found = await profile([{ n: 1 }, { n: null }, { n: 3 }], { n: 'BIGINT' }, { ...profiled, config });
  expect(found).toMatchObject({ rows: 2, columns: { n: { nulls: 0, min: '1', max: '3' } } });
});

test('a run that succeeded is in the history of its datasets once, and a trial never', async () => {
  const world = memoryWorld();
  const history = () =>
    stored(world.store, profileHistoryKey('sales', 'made', 'd')) as unknown as Promise<ProfileHistory | null>;
  await attempt(world, { step: aStep('made', profiled as never) }, async (step) => {
    await step.write('d', [{ n: 1 }, { n: 4 }], { columns: { n: 'BIGINT' } });
    return {};
  });
  await keepProfiles(world.store, aRun({ trial: { of: 'r0' } } as never), { steps: ['made'], version: null });
  expect(await history()).toBeNull();
  await keepProfiles(world.store, aRun(), { steps: ['made', 'unknown'], version: 3 });
  await keepProfiles(world.store, aRun(), { steps: ['made'], version: 3 });
  expect(await history()).toEqual({
    format: 1,
    points: [
      {
        run_id: 'r1',
        at: '2026-02-01T01:00:00.000Z',
        version: 3,
        rows: 2,
        columns: { n: [0, 2, 2.5, expect.closeTo(1.5, 9)] },
      },
    ],
  });
});

test('columns of one value have a profile with a deviation of 0, in each type of number', async () => {
  const rows = [1, 2, 3].map(() => ({ whole: 60, amount: '40.00', share: -0.5, zero: 0 }));
  const columns = { whole: 'BIGINT', amount: 'DECIMAL(18,2)', share: 'DOUBLE', zero: 'INTEGER' };
  const found = (await profile(rows, columns))?.columns ?? {};
  for (const [name, value] of [
    ['whole', '60'],
    ['amount', '40.00'],
    ['share', '-0.5'],
    ['zero', '0'],
  ] as const) {
    expect(found[name], name).toMatchObject({ min: value, max: value, mean: Number(value), deviation: 0 });
    expect(found[name]?.histogram?.[0], name).toBe(3);
  }
});
