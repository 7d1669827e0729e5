import { describe, expect, test } from 'vitest';
import type { CheckResult, CheckRule, OnViolation } from '../../../lib/contract/records/data-check.ts';
import type { Manifest } from '../../../lib/contract/records/manifest.ts';
import { aStep, attempt, errorOf, keys, memoryWorld, stored, type World } from '../fixtures.ts';

type Row = Readonly<Record<string, unknown>>;

const columns = {
  id: 'BIGINT',
  name: 'VARCHAR',
  amount: 'DECIMAL(18,2)',
  share: 'DOUBLE',
  day: 'DATE',
  at: 'TIMESTAMP',
};

const row = (id: number, over: Row = {}): Row => ({
  id: BigInt(id),
  name: `n${id}`,
  amount: `${id}.50`,
  share: id / 2,
  day: '2026-01-31',
  at: '2026-01-31T23:00:00Z',
  ...over,
});

/** Runs a step that writes `rows` as the dataset `d`, with one check, and a step before it that wrote `keys.k`. */
async function run(rows: readonly Row[], rule: CheckRule, effect: OnViolation = 'block') {
  const world = memoryWorld();
  await attempt(world, { step: aStep('keys') }, (step) =>
    step.write(
      'k',
      [
        { id: 1n, amount: '3.00' },
        { id: 2n, amount: '1.00' },
        { id: null, amount: null },
      ],
      {
        columns: { id: 'BIGINT', amount: 'DECIMAL(18,2)' },
      },
    ),
  );
  const checks = [{ ...rule, name: 'rule', on_violation: effect }];
  const config = { initialization: {}, outputs: { d: { checks } } };
  const made = attempt(world, { step: aStep('made', { config, dependencies: ['keys'] } as never) }, async (step) => {
    await step.write('d', rows as never, { columns });
    return {};
  });
  return { world, made };
}

async function manifestOf(world: World): Promise<Manifest | null> {
  const [key] = (await keys(world.store)).filter((one) => one.includes('/made/manifests/'));
  return key === undefined ? null : stored<Manifest & Row>(world.store, key);
}

async function resultOf(rows: readonly Row[], rule: CheckRule): Promise<CheckResult | undefined> {
  const { world, made } = await run(rows, rule, 'warn');
  await made;
  return (await manifestOf(world))?.checks?.[0];
}

const three = [row(1), row(2), row(3)];

describe('a check', () => {
  const cases: readonly (readonly [string, CheckRule, readonly Row[], boolean, string])[] = [
    ['row_count within', { kind: 'row_count', min: 3, max: 3 }, three, true, '3 rows'],
    ['row_count below', { kind: 'row_count', min: 4, max: null }, three, false, '3 rows'],
    ['row_count above', { kind: 'row_count', min: null, max: 2 }, three, false, '3 rows'],
    ['row_count of nothing', { kind: 'row_count', min: 1, max: null }, [], false, '0 rows'],
    ['not_null', { kind: 'not_null', columns: ['id', 'name'] }, three, true, '0 of 3 rows'],
    [
      'not_null broken',
      { kind: 'not_null', columns: ['id', 'name'] },
      [...three, row(4, { name: null })],
      false,
      '1 of 4 rows',
    ],
    [
      'unique',
      { kind: 'unique', columns: ['id'] },
      [...three, row(4, { id: null }), row(5, { id: null })],
      true,
      '0 of 5 rows',
    ],
    ['unique broken', { kind: 'unique', columns: ['id'] }, [...three, row(3)], false, '2 of 4 rows'],
    [
      'unique of two',
      { kind: 'unique', columns: ['id', 'name'] },
      [...three, row(3, { name: 'x' })],
      true,
      '0 of 4 rows',
    ],
    [
      'unique of two broken',
      { kind: 'unique', columns: ['id', 'name'] },
      [...three, row(3), row(3)],
      false,
      '3 of 5 rows',
    ],
    [
      'accepted_values',
      { kind: 'accepted_values', column: 'name', values: [{ text: 'n1' }, { text: "it's" }] },
      [row(1), row(2, { name: "it's" }), row(3, { name: null })],
      true,
      '0 of 3 rows',
    ],
    [
      'accepted_values broken',
      { kind: 'accepted_values', column: 'name', values: [{ text: 'N1' }] },
      [row(1)],
      false,
      '1 of 1 rows',
    ],
    [
      'accepted numbers',
      { kind: 'accepted_values', column: 'amount', values: [{ number: '1.5' }, { number: '2.50' }] },
      [row(1), row(2)],
      true,
      '0 of 2 rows',
    ],
    [
      'range of decimals',
      { kind: 'range', column: 'amount', min: { number: '1.5' }, max: { number: '3.5' } },
      three,
      true,
      '0 of 3 rows',
    ],
    [
      'a bound with more digits than the column is not rounded',
      { kind: 'range', column: 'amount', min: { number: '1.501' }, max: null },
      three,
      false,
      '1 of 3 rows',
    ],
    [
      'range of days',
      { kind: 'range', column: 'day', min: { text: '2026-01-31' }, max: { text: '2026-01-31' } },
      three,
      true,
      '0 of 3 rows',
    ],
    [
      'a moment with an offset is compared in UTC',
      { kind: 'range', column: 'at', min: { text: '2026-02-01T00:30:00+01:00' }, max: null },
      three,
      false,
      '3 of 3 rows',
    ],
    [
      'regex',
      { kind: 'regex', column: 'name', pattern: '^n\\d$' },
      [...three, row(4, { name: null })],
      true,
      '0 of 4 rows',
    ],
    ['regex broken', { kind: 'regex', column: 'name', pattern: "^n[12]$|'" }, three, false, '1 of 3 rows'],
    [
      'foreign_key',
      { kind: 'foreign_key', columns: ['id'], step: 'keys', dataset: 'k', to: ['id'] },
      [row(1), row(2), row(3, { id: null })],
      true,
      '0 of 3 rows',
    ],
    [
      'foreign_key broken',
      { kind: 'foreign_key', columns: ['id'], step: 'keys', dataset: 'k', to: ['id'] },
      three,
      false,
      '1 of 3 rows',
    ],
    [
      'null_percentage at its limit',
      { kind: 'null_percentage', column: 'name', max: '33.333333334' },
      [row(1), row(2), row(3, { name: null })],
      true,
      '1 of 3 rows (33.3%)',
    ],
    [
      'null_percentage just over it',
      { kind: 'null_percentage', column: 'name', max: '33.333333333' },
      [row(1), row(2), row(3, { name: null })],
      false,
      '1 of 3 rows (33.3%)',
    ],
    // The run of the fixture started on 2026-02-01 at 01:00 UTC.
    ['freshness', { kind: 'freshness', column: 'at', max_age_seconds: 7200 }, three, true, '7200 s old'],
    [
      'freshness, a second too old',
      { kind: 'freshness', column: 'at', max_age_seconds: 7199 },
      three,
      false,
      '7200 s old',
    ],
    ['freshness of a day', { kind: 'freshness', column: 'day', max_age_seconds: 90_000 }, three, true, '90000 s old'],
    [
      'sum_equals of another column',
      {
        kind: 'sum_equals',
        column: 'amount',
        equals: { step: 'keys', dataset: 'k', column: 'amount' },
        tolerance: '0',
      },
      [row(1, { amount: '3.99' }), row(2, { amount: '0.01' })],
      true,
      '4.00',
    ],
    [
      'sum_equals a cent off',
      { kind: 'sum_equals', column: 'amount', equals: { number: '4' }, tolerance: '0.009' },
      [row(1, { amount: '4.01' })],
      false,
      '4.01',
    ],
    [
      'sum_equals within its tolerance',
      { kind: 'sum_equals', column: 'amount', equals: { number: '4' }, tolerance: '0.01' },
      [row(1, { amount: '4.01' })],
      true,
      '4.01',
    ],
    ['sql', { kind: 'sql', query: 'SELECT * FROM this WHERE id > 2 -- a comment' }, three, false, '1 of 3 rows'],
    [
      'sql over another dataset',
      { kind: 'sql', query: 'SELECT * FROM this JOIN keys.k USING (id) WHERE k.amount > 9' },
      three,
      true,
      '0 of 3 rows',
    ],
  ];
  test.each(cases)('%s', async (_, rule, rows, passed, measured) => {
    expect(await resultOf(rows, rule)).toMatchObject({
      passed,
      measured,
      dataset: 'd',
      check: 'rule',
      kind: rule.kind,
    });
  });

  test('range finds NaN outside of every range, and an infinity only beyond a bound', async () => {
    const rule = { kind: 'range', column: 'x', min: { number: '0' }, max: null, name: 'rule', on_violation: 'warn' };
    const world = memoryWorld();
    const config = { initialization: {}, outputs: { d: { checks: [rule] } } };
    await attempt(world, { step: aStep('made', { config } as never) }, async (step) => {
      await step.write('d', step.sql("SELECT unnest(['NaN', 'Infinity', '-Infinity', '1'])::DOUBLE AS x"));
      return {};
    });
    expect((await manifestOf(world))?.checks).toMatchObject([{ measured: '2 of 4 rows' }]);
  });

  test('that nothing can be measured for is violated: the newest of no rows', async () => {
    const result = await resultOf([], { kind: 'freshness', column: 'at', max_age_seconds: 9 });
    expect(result).toMatchObject({ passed: false, measured: null });
  });
});

describe('a check in code', () => {
  const made = async (handler: Parameters<typeof attempt>[2]) => {
    const world = memoryWorld();
    const ended = attempt(world, { step: aStep('made') }, handler);
    return {
      world,
      error: await ended.then(
        () => null,
        (thrown: Error) => thrown,
      ),
    };
  };

  test('is kept with the data, and a warning is reported and lets the handler go on', async () => {
    const { world, error } = await made(async (step) => {
      await step.check('ledger balances', true, { measured: 3n, allowed: '3' });
      await step.check('few returns', false, {
        dataset: 'orders',
        measured: 120,
        allowed: 'below 100',
        onViolation: 'warn',
      });
      return {};
    });
    expect(error).toBeNull();
    expect((await manifestOf(world))?.checks).toEqual([
      {
        dataset: null,
        check: 'ledger balances',
        kind: 'code',
        on_violation: 'block',
        passed: true,
        measured: '3',
        allowed: '3',
      },
      {
        dataset: 'orders',
        check: 'few returns',
        kind: 'code',
        on_violation: 'warn',
        passed: false,
        measured: '120',
        allowed: 'below 100',
      },
    ]);
    expect(world.events.sent.filter(({ type }) => type === 'data.check_failed')).toMatchObject([
      { severity: 'low', detail: { dataset: 'orders', check: 'few returns' } },
    ]);
  });

  test('that is violated ends the handler for good, and nothing is visible', async () => {
    let after = false;
    const { world, error } = await made(async (step) => {
      await step.check('ledger balances', false, { measured: '3 and 4', allowed: 'equal sums' });
      after = true;
    });
    expect(error).toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining('ledger balances: 3 and 4; allowed: equal sums'),
    });
    expect([after, await manifestOf(world)]).toEqual([false, null]);
    expect(world.events.sent.map(({ type }) => type)).toContain('data.check_failed');
  });

  test('without true or false, and a second one of the same name, are mistakes', async () => {
    expect((await made((step) => step.check('x', 1 as never))).error?.message).toContain(
      'takes true or false, not number',
    );
    const twice = await made(async (step) => {
      await step.check('x', true);
      await step.check('x', true);
    });
    expect(twice.error?.message).toContain('two checks of this step are called "x"');
  });
});

describe('a violated check', () => {
  const rule: CheckRule = { kind: 'not_null', columns: ['name'] };
  const rows = [row(1), row(2, { name: null }), row(3, { name: null })];

  test('that blocks makes the step fail for good, shows rows, and nothing is visible', async () => {
    const { world, made } = await run(rows, rule);
    const error = await errorOf(made);
    expect(error.name).toBe('ValidationError');
    expect(error.message).toContain('dataset "d" of step made violates a check; it is not visible');
    expect(error.message).toContain('rule: 2 of 3 rows; allowed: no row');
    expect(error.message).toContain('"id":2');
    expect(await manifestOf(world)).toBeNull();
    expect(world.events.sent.filter(({ type }) => type === 'data.check_failed')).toMatchObject([
      {
        severity: 'high',
        step: 'made',
        detail: { dataset: 'd', check: 'rule', measured: '2 of 3 rows', on_violation: 'block' },
      },
    ]);
  });

  test('that warns keeps and tells the finding, and the data goes on', async () => {
    const { world, made } = await run(rows, rule, 'warn');
    await made;
    const manifest = await manifestOf(world);
    expect(manifest?.datasets.d?.rows).toBe(3);
    expect(manifest?.checks).toMatchObject([{ passed: false, on_violation: 'warn' }]);
    expect(world.events.sent.filter(({ type }) => type === 'data.check_failed')).toMatchObject([{ severity: 'low' }]);
  });

  test('that sets rows aside leaves the good ones in their order, and gives the reason of each other row', async () => {
    const { world, made } = await run(rows, rule, 'quarantine');
    await made;
    expect((await manifestOf(world))?.datasets).toMatchObject({ d: { rows: 1 }, d__quarantine: { rows: 2 } });
    const read: Row[] = [];
    await attempt(world, { step: aStep('after', { dependencies: ['made'] }) }, async (step) => {
      for await (const batch of step.rows<Row>('made.d__quarantine')) read.push(...batch);
      return {};
    });
    expect(read).toMatchObject([
      { id: 2, quarantine_reason: 'rule' },
      { id: 3, quarantine_reason: 'rule' },
    ]);
  });

  test('that sets no row aside still makes the dataset, empty, and rewrites nothing', async () => {
    const { world, made } = await run([row(1)], rule, 'quarantine');
    await made;
    const manifest = await manifestOf(world);
    expect(manifest?.datasets).toMatchObject({ d: { rows: 1 }, d__quarantine: { rows: 0 } });
    expect(manifest?.datasets.d?.parts[0]?.key).not.toContain('checked/');
  });

  test('of a missing column is an error that names the columns', async () => {
    const { made } = await run(rows, { kind: 'not_null', columns: ['nme'] });
    expect((await errorOf(made)).message).toMatch(/"rule" names the column "nme".*it has id, name, amount/);
  });
});
