import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DatasetEntry } from '../../lib/contract/records/dataset.ts';
import { diffDatasets } from '../../lib/published/diff-datasets.ts';
import { aRun, aStep, attempt, errorOf, keys, memoryWorld, stored, type World } from '../runtime/fixtures.ts';
import { sized } from '../support/sized.ts';

interface Line {
  readonly id: number | null;
  readonly name: string | null;
  readonly amount: string;
}

const columns = { id: 'BIGINT', name: 'VARCHAR', amount: 'DECIMAL(18,2)' };

/** Writes rows as a step does, and gives the entry of the dataset. */
async function dataset(
  world: World,
  run_id: string,
  rows: readonly object[],
  types: Record<string, string> = columns,
): Promise<DatasetEntry> {
  const run = aRun({ run_id });
  await attempt(world, { step: aStep('s'), run }, async (step) => {
    await step.write('rows', rows as never, { columns: types });
    return {};
  });
  const [key = ''] = await keys(world.store, `sales/runs/${run_id}/steps/s/manifests/`);
  const manifest = await stored<{ datasets: { rows: DatasetEntry } }>(world.store, key);
  if (!manifest) throw new Error('no manifest');
  return manifest.datasets.rows;
}

const signal = new AbortController().signal;

async function diff(before: readonly Line[], after: readonly Line[], key: readonly string[] | null, samples = 3) {
  const world = memoryWorld();
  const pair = { before: await dataset(world, 'one', before), after: await dataset(world, 'two', after) };
  return diffDatasets(world.store, { ...pair, key, samples, signal });
}

const line = (id: number | null, name: string | null, amount: string): Line => ({ id, name, amount });

describe('a comparison of datasets', () => {
  test('by key tells rows that came, went, and changed, column by column, with samples', async () => {
    const before = [line(1, 'a', '1.00'), line(2, 'b', '2.00'), line(3, null, '3.00'), line(null, 'n', '0.00')];
    const after = [line(1, 'a', '1.01'), line(3, 'c', '3.00'), line(4, 'd', '4.00'), line(null, 'n', '0.00')];
    expect(await diff(before, after, ['id'])).toEqual({
      schema: { added: {}, removed: {}, retyped: [] },
      rows: { before: 4, after: 4 },
      compared: ['id', 'name', 'amount'],
      ...{ added: 1, removed: 1, changed: 2 },
      addedSamples: [{ id: 4, name: 'd', amount: '4.00' }],
      removedSamples: [{ id: 2, name: 'b', amount: '2.00' }],
      columns: [
        { column: 'name', changed: 1, samples: [{ key: [3], before: null, after: 'c' }] },
        { column: 'amount', changed: 1, samples: [{ key: [1], before: '1.00', after: '1.01' }] },
      ],
    });
  });

  test('without a key counts each row as often as it comes, in any order', async () => {
    const twice = [line(1, 'a', '1.00'), line(1, 'a', '1.00'), line(2, 'b', '2.00')];
    expect(await diff(twice, [line(2, 'b', '2.00'), line(1, 'a', '1.00')], null)).toMatchObject({
      ...{ added: 0, removed: 1, changed: null, columns: [] },
      removedSamples: [{ id: 1, name: 'a', amount: '1.00' }],
    });
  });

  test('tells columns that are new, gone or of another type, and compares the others', async () => {
    const world = memoryWorld();
    const before = await dataset(world, 'one', [{ id: 1, old: 'x', amount: 5 }], {
      ...{ id: 'BIGINT', old: 'VARCHAR', amount: 'INTEGER' },
    });
    const after = await dataset(world, 'two', [{ id: 1, amount: '5.00', fresh: true }], {
      ...{ id: 'BIGINT', amount: 'DECIMAL(18,2)', fresh: 'BOOLEAN' },
    });
    const compare = (key: string[] | null) => diffDatasets(world.store, { before, after, key, samples: 3, signal });
    expect(await compare(null)).toMatchObject({
      schema: {
        added: { fresh: 'BOOLEAN' },
        removed: { old: 'VARCHAR' },
        retyped: [{ column: 'amount', before: 'INTEGER', after: 'DECIMAL(18,2)' }],
      },
      ...{ compared: ['id'], added: 0, removed: 0 },
    });
    expect((await errorOf(compare(['amount']))).message).toBe(
      '"amount" is not a column of both with one type; they have id',
    );
  });

  test('refuses a key that comes more than once', async () => {
    const error = await errorOf(diff([line(1, 'a', '1.00'), line(1, 'b', '1.00')], [line(1, 'a', '1.00')], ['id']));
    expect(error.message).toContain('(id) is no key of the first: 1 of its values come more than once');
  });

  test('agrees with a comparison without SQL', async () => {
    const lines = fc.uniqueArray(
      fc.record({
        id: fc.option(fc.integer({ min: 0, max: 6 })),
        name: fc.option(fc.constantFrom('a', '', 'NULL')),
        amount: fc.constantFrom('0.00', '0.01'),
      }),
      { selector: ({ id }) => id, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(lines, lines, async (before, after) => {
        const found = await diff(before, after, ['id'], 100);
        const old = new Map(before.map((row) => [row.id, row]));
        const now = new Map(after.map((row) => [row.id, row]));
        expect(found.added).toBe(after.filter(({ id }) => !old.has(id)).length);
        expect(found.removed).toBe(before.filter(({ id }) => !now.has(id)).length);
        const changes = (field: 'name' | 'amount') =>
          after.filter((row) => old.has(row.id) && old.get(row.id)?.[field] !== row[field]).length;
        const counted = new Map(found.columns.map(({ column, changed }) => [column, changed]));
        expect(counted.get('name') ?? 0).toBe(changes('name'));
        expect(counted.get('amount') ?? 0).toBe(changes('amount'));
        for (const { column, samples } of found.columns)
          for (const { key, before: was, after: is } of samples) {
            const id = key[0] === null ? null : Number(key[0]);
            expect(was).toBe(old.get(id)?.[column as 'name']);
            expect(is).toBe(now.get(id)?.[column as 'name']);
          }
        const bag = (rows: readonly Line[]) => rows.map((row) => JSON.stringify([row.id, row.name, row.amount]));
        const whole = await diff(before, after, null, 100);
        const rest = (from: string[], other: string[]): number =>
          from.filter((one) => {
            const at = other.indexOf(one);
            if (at >= 0) other.splice(at, 1);
            return at < 0;
          }).length;
        expect(whole.added).toBe(rest(bag(after), bag(before)));
        expect(whole.removed).toBe(rest(bag(before), bag(after)));
      }),
      { numRuns: sized(4, 60), seed: 1 },
    );
  });
});
