import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CheckRule } from '../../../lib/contract/records/data-check.ts';
import type { Manifest } from '../../../lib/contract/records/manifest.ts';
import { sized } from '../../support/sized.ts';
import { aStep, attempt, keys, memoryWorld, stored } from '../fixtures.ts';

interface Row {
  readonly id: number | null;
  readonly word: string | null;
  readonly cents: number | null;
}

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 4, nil: null });

const row: fc.Arbitrary<Row> = fc.record({
  id: maybe(fc.integer({ min: 0, max: 6 })),
  word: maybe(fc.constantFrom('', 'a', 'A', "'", '"', 'é', 'ab', '\n')),
  cents: maybe(fc.integer({ min: -300, max: 300 })),
});

const decimal = (cents: number): string =>
  `${cents < 0 ? '-' : ''}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;

/** A rule, and a model of it without SQL: whether a row breaks it. */
type Modelled = readonly [CheckRule, (row: Row, all: readonly Row[]) => boolean];

const cents = fc.integer({ min: -300, max: 300 });
const column = fc.constantFrom('id' as const, 'word' as const, 'cents' as const);
const someColumns = fc.uniqueArray(column, { minLength: 1, maxLength: 3 });

const rule: fc.Arbitrary<Modelled> = fc.oneof(
  someColumns.map(
    (columns): Modelled => [{ kind: 'not_null', columns }, (one) => columns.some((name) => one[name] === null)],
  ),
  someColumns.map((columns): Modelled => {
    const key = (one: Row) => JSON.stringify(columns.map((name) => one[name]));
    const whole = (one: Row) => columns.every((name) => one[name] !== null);
    return [
      { kind: 'unique', columns },
      (one, all) => whole(one) && all.filter((other) => key(other) === key(one)).length > 1,
    ];
  }),
  fc
    .uniqueArray(fc.constantFrom('', 'a', "'", '"', 'é', '\n'), { minLength: 1 })
    .map(
      (words): Modelled => [
        { kind: 'accepted_values', column: 'word', values: words.map((text) => ({ text })) },
        ({ word }) => word !== null && !(words as readonly string[]).includes(word),
      ],
    ),
  fc.tuple(maybe(cents), cents).map(
    ([min, max]): Modelled => [
      {
        kind: 'range',
        column: 'cents',
        min: min === null ? null : { number: decimal(min) },
        max: { number: decimal(max) },
      },
      ({ cents: value }) => value !== null && ((min !== null && value < min) || value > max),
    ],
  ),
  fc
    .constantFrom('^a', 'b$', '^$', "'")
    .map(
      (pattern): Modelled => [
        { kind: 'regex', column: 'word', pattern },
        ({ word }) => word !== null && !new RegExp(pattern).test(word),
      ],
    ),
  fc.constant<Modelled>([
    { kind: 'foreign_key', columns: ['id'], step: 'keys', dataset: 'k', to: ['id'] },
    ({ id }) => id !== null && ![1, 2, 3].includes(id),
  ]),
);

test('rows that a rule sets aside, and those that go on, are those of a model without SQL, in their order', async () => {
  const columns = { id: 'BIGINT', word: 'VARCHAR', cents: 'DECIMAL(18,2)' };
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 12 }),
      fc.array(rule, { minLength: 1, maxLength: 3 }),
      async (rows, rules) => {
        const world = memoryWorld();
        await attempt(world, { step: aStep('keys') }, (step) =>
          step.write('k', [{ id: 1 }, { id: 2 }, { id: 3 }, { id: null }], { columns: { id: 'BIGINT' } }),
        );
        const checks = rules.map(([one], index) => ({ ...one, name: `rule ${index}`, on_violation: 'quarantine' }));
        const config = { initialization: {}, outputs: { d: { checks } } };
        await attempt(world, { step: aStep('made', { config, dependencies: ['keys'] } as never) }, async (step) => {
          const written = rows.map((one) => ({ ...one, cents: one.cents === null ? null : decimal(one.cents) }));
          await step.write('d', written as never, { columns });
          return {};
        });
        const [good, aside]: [unknown[], unknown[]] = [[], []];
        await attempt(world, { step: aStep('after', { dependencies: ['made'] }) }, async (step) => {
          for await (const batch of step.rows<object>('made.d')) good.push(...batch);
          for await (const batch of step.rows<object>('made.d__quarantine')) aside.push(...batch);
          return {};
        });
        const broken = rows.map((one) =>
          rules.flatMap(([, breaks], index) => (breaks(one, rows) ? [`rule ${index}`] : [])),
        );
        const plain = (one: Row) => ({ ...one, cents: one.cents === null ? null : decimal(one.cents) });
        expect(good).toEqual(rows.filter((_, index) => broken[index]?.length === 0).map(plain));
        expect(aside).toEqual(
          rows.flatMap((one, index) =>
            broken[index]?.length ? [{ ...plain(one), quarantine_reason: broken[index].join(', ') }] : [],
          ),
        );
        const [key = ''] = (await keys(world.store)).filter((one) => one.includes('/made/manifests/'));
        const manifest = await stored<Manifest & { readonly [key: string]: never }>(world.store, key);
        expect(manifest?.checks?.map(({ measured }) => measured)).toEqual(
          rules.map(
            (_, index) => `${broken.filter((one) => one.includes(`rule ${index}`)).length} of ${rows.length} rows`,
          ),
        );
      },
    ),
    { numRuns: sized(6, 400) },
  );
});
