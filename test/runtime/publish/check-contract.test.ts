import { expect, test } from 'vitest';
import { versionKey } from '../../../lib/contract/object-keys.ts';
import type { PublishedVersion } from '../../../lib/contract/published/published-version.ts';
import { overwriteJson } from '../../../lib/runtime/records/json-objects.ts';
import { sealed } from '../../../lib/runtime/records/seal.ts';
import { errorOf, memoryWorld, stored, type World } from '../fixtures.ts';
import { end, pointerOf, runOnce, setting, work } from './world.ts';

/** Changes the record of version 1 into one that another template could have published. */
async function rewrite(world: World, change: (version: PublishedVersion) => Partial<PublishedVersion>): Promise<void> {
  const key = versionKey('sales', 1);
  const record = await stored<PublishedVersion>(world.store, key);
  if (record === null) throw new Error('nothing was published');
  const { seal: _, ...rest } = { ...record, ...change(record) };
  await overwriteJson(world.store, key, sealed(rest));
}

const withColumn = ({ datasets }: PublishedVersion): Partial<PublishedVersion> => ({
  datasets: datasets.map((one) =>
    one.dataset === 'orders' ? { ...one, columns: { ...one.columns, total: 'BIGINT' } } : one,
  ),
});

const current = async (world: World) => (await pointerOf(world))?.partitions[0]?.current;

test('a version that lacks a column fails its execution, readers keep theirs, and the error has the way out', async () => {
  const world = memoryWorld();
  await runOnce(world, 'r1', 'a');
  await rewrite(world, withColumn);
  const error = await errorOf(end(world, await work(world, 'r2', 'b')));
  expect(error.message).toContain(
    'it would break readers of version 1:\n- load.orders: column "total" (BIGINT) is gone',
  );
  expect(error.message).toContain('new major version, or set "breaking: true"');
  expect(await current(world)).toBe(1);
});

test('`breaking: true` and a new major version publish it', async () => {
  for (const [publish, version] of [
    [{ ...setting, breaking: true as const }, '1.0.0'],
    [setting, '0.9.0'],
  ] as const) {
    const world = memoryWorld();
    await runOnce(world, 'r1', 'a');
    await rewrite(world, (one) => ({ ...withColumn(one), pipeline_version: version }));
    await runOnce(world, 'r2', 'b', publish);
    expect(await current(world)).toBe(2);
  }
});

test('a dataset that is no longer published, and a check that no longer forbids nulls, break readers too', async () => {
  const world = memoryWorld();
  await runOnce(world, 'r1', 'a');
  await rewrite(world, ({ steps }) => ({
    steps: steps.map((step) => ({
      ...step,
      checks: [
        {
          ...{ dataset: 'orders', check: 'c', kind: 'not_null', on_violation: 'block', passed: true },
          ...{ measured: '', allowed: '', columns: ['content'] },
        } as const,
      ],
    })),
  }));
  const fewer = { ...setting, datasets: { load: ['orders'] } };
  const error = await errorOf(end(world, await work(world, 'r2', 'b'), fewer));
  expect(error.message).toContain('- load.orders: column "content" may have nulls now, which a check forbade');
  expect(error.message).toContain('- dataset join.revenue is no longer published');
});

test('if the record that readers see cannot be read, nothing is published unchecked', async () => {
  const world = memoryWorld();
  await runOnce(world, 'r1', 'a');
  await world.store.put(versionKey('sales', 1), '{}', {});
  expect((await errorOf(end(world, await work(world, 'r2', 'b')))).message).toContain(
    'version 1, which readers see, cannot be read',
  );
  expect(await current(world)).toBe(1);
});
