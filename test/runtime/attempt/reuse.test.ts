import { describe, expect, test } from 'vitest';
import type { RunContext } from '../../../lib/contract/payloads.ts';
import type { Manifest } from '../../../lib/contract/records/manifest.ts';
import type { Outcome } from '../../../lib/contract/records/outcome.ts';
import { recordFailure } from '../../../lib/runtime/execution/record-failure.ts';
import { findDamage, findLoss } from '../../../lib/runtime/manifests/find-damage.ts';
import type { StepFunction } from '../../../lib/runtime/step.ts';
import { aRun, aStep, attempt, keys, memoryWorld, stored, type World } from '../fixtures.ts';

const extract = aStep('extract');
const later = (execution: number, over: Partial<RunContext> = {}) =>
  aRun({ execution, execution_arn: `arn:${execution}`, ...over });

const makes =
  (content: string): StepFunction =>
  async (step) => {
    await step.write('orders', [{ id: content }], { columns: { id: 'VARCHAR' } });
    await step.file('page.html', content);
    return content;
  };

const never: StepFunction = () => {
  throw new Error('the handler ran');
};

const manifestsOf = async (world: World): Promise<Manifest[]> => {
  const names = await keys(world.store, 'sales/runs/r1/steps/extract/manifests/');
  return Promise.all(names.map(async (key) => (await stored(world.store, key)) as unknown as Manifest));
};

/** A world in which execution 1 has succeeded, and the key of one of its objects. */
async function succeeded(part: string) {
  const world = memoryWorld();
  await attempt(world, { step: extract }, makes('first'));
  const key = (await keys(world.store, 'sales/runs/r1/data/extract/')).find((one) => one.includes(part)) ?? '';
  return { world, key };
}

const damages = {
  'is gone': (world: World, key: string) => world.store.delete(key),
  'has other bytes': (world: World, key: string) => world.store.put(key, 'something else'),
};

describe('data of an earlier execution', () => {
  test.each([
    ['a part of a dataset', 'part-00000', 'is gone', 'orders (part-00000.parquet)'],
    ['a part of a dataset', 'part-00000', 'has other bytes', 'orders (part-00000.parquet)'],
    ['a file', 'page.html', 'is gone', 'page.html'],
    ['a file', 'page.html', 'has other bytes', 'page.html'],
  ] as const)('is not reused when %s (%s) %s: the step runs again, and its manifest is replaced', async (...row) => {
    const [, part, how, what] = row;
    const { world, key } = await succeeded(part);
    await damages[how](world, key);
    const [broken] = await manifestsOf(world);
    const damage = { kind: how === 'is gone' ? 'missing' : 'damaged', what };
    expect(await findDamage(world.store, broken as Manifest)).toEqual(damage);
    expect(await findLoss(world.store, broken as Manifest)).toEqual(damage);

    const ran = await attempt(world, { run: later(2), step: extract }, makes('first'));
    expect(ran).toMatchObject({ outcome: 'succeeded' });
    const replaced = await manifestsOf(world);
    expect(replaced).toMatchObject([{ execution: 2, fingerprint: broken?.fingerprint, digest: broken?.digest }]);
    expect(await attempt(world, { run: later(3), step: extract }, never)).toMatchObject({ outcome: 'reused' });
  });

  test('is not reused when the manifest itself was changed or cannot be read', async () => {
    const without = (text: string, property: string): string =>
      JSON.stringify({ ...JSON.parse(text), [property]: undefined });
    const orders = (text: string, changed: object): string => {
      const manifest = JSON.parse(text);
      Object.assign(manifest.datasets.orders, changed);
      return JSON.stringify(manifest);
    };
    const changes: readonly ((text: string) => string)[] = [
      (text) => text.replace('"first"', '"forged"'),
      () => '{"half":',
      () => '',
      (text) => orders(text, { parts: [] }),
      (text) => orders(text, { parts: [], rows: 0, bytes: 0 }),
      (text) => orders(text, { rows: 7 }),
      (text) => orders(text, { columns: { id: 'BIGINT' } }),
      (text) => text.replace(/"execution": 1/, '"execution": 2'),
      (text) => without(text, 'files'),
      (text) => without(text, 'seal'),
      (text) => text.replace('{', '{"format": 1,'),
    ];
    for (const [index, change] of changes.entries()) {
      const { world } = await succeeded('page.html');
      const [key = ''] = await keys(world.store, 'sales/runs/r1/steps/extract/manifests/');
      const text = Buffer.from((await world.store.get(key))?.body ?? '').toString();
      expect(change(text)).not.toBe(text);
      await world.store.put(key, change(text));
      const answer = await attempt(world, { run: later(2), step: extract }, makes('first'));
      expect([index, answer.outcome]).toEqual([index, 'succeeded']);
    }
  });

  test('is read to its last byte once per execution, and what this execution wrote is not read again', async () => {
    const { world } = await succeeded('page.html');
    const reads: string[] = [];
    const read = world.store.read.bind(world.store);
    world.store.read = (key) => {
      reads.push(key.split('/').at(-1) ?? '');
      return read(key);
    };
    await attempt(world, { run: later(2), step: extract }, never);
    expect(reads.sort()).toEqual(['page.html', 'part-00000.parquet']);
    await attempt(world, { run: later(2), step: extract, attempt: 2 }, never);
    expect(reads).toHaveLength(2);
    await world.store.delete('sales/runs/r1/executions/1/outcomes/extract.json');
    await attempt(world, { step: extract, attempt: 2 }, never);
    expect(reads).toHaveLength(2);
  });

  test('is not what record-failure takes for a success when it made the step run again', async () => {
    const { world, key } = await succeeded('page.html');
    await world.store.delete(key);
    const failure = { Error: 'CrmDown', Cause: 'no answer' };
    const step = { ...extract, code: extract.code };
    expect(await recordFailure({ run: later(2), step, failure, attempts: 1 }, world)).toMatchObject({
      outcome: 'failed',
    });
    expect(await stored(world.store, 'sales/runs/r1/executions/2/outcomes/extract.json')).toMatchObject({
      tried: { code: 'code', definition: 'definition of extract' },
    });
  });
});

describe('a salt', () => {
  test('makes its step run again, once, and no other', async () => {
    const { world } = await succeeded('page.html');
    const other = aStep('other');
    await attempt(world, { step: other }, () => 1);
    const salts = { extract: '2' };
    expect(await attempt(world, { run: later(2, { salts }), step: extract }, makes('first'))).toMatchObject({
      outcome: 'succeeded',
    });
    expect(await attempt(world, { run: later(2, { salts }), step: other }, never)).toMatchObject({ outcome: 'reused' });
    expect(await attempt(world, { run: later(3, { salts }), step: extract }, never)).toMatchObject({
      outcome: 'reused',
    });
    const made = await manifestsOf(world);
    expect(made.map(({ made_of }) => made_of.salt).sort()).toEqual(['2', undefined]);
  });

  test('is what record-failure looks for too', async () => {
    const world = memoryWorld();
    const run = aRun({ salts: { extract: '1' } });
    await attempt(world, { run, step: extract }, makes('first'));
    await world.store.delete('sales/runs/r1/executions/1/outcomes/extract.json');
    const failure = { Error: 'Sandbox.Timedout', Cause: 'died after its commit' };
    expect(await recordFailure({ run, step: extract, failure, attempts: 1 }, world)).toMatchObject({
      outcome: 'succeeded',
    });
  });
});

describe('a step refuses to read a dependency', () => {
  const report = aStep('report', { dependencies: ['extract'] });
  const read = (world: World) =>
    attempt(world, { step: report }, async (step) => (await step.sql('FROM extract.orders')).length);

  test('whose outcome was changed', async () => {
    const { world } = await succeeded('page.html');
    const key = 'sales/runs/r1/executions/1/outcomes/extract.json';
    const outcome = (await stored<Outcome>(world.store, key)) as Outcome;
    const orders = { ...outcome.made?.datasets.orders, parts: [] };
    await world.store.put(key, JSON.stringify({ ...outcome, made: { ...outcome.made, datasets: { orders } } }));
    await expect(read(world)).rejects.toThrow(
      /outcomes\/extract\.json is damaged: its seal does not match its content/,
    );
  });

  test('whose manifest was changed, where the outcome leaves its content there', async () => {
    const { world } = await succeeded('page.html');
    const outcomeAt = 'sales/runs/r1/executions/1/outcomes/extract.json';
    const { made: _, seal: __, ...outcome } = (await stored<Outcome>(world.store, outcomeAt)) as Outcome;
    await world.store.put(outcomeAt, JSON.stringify(outcome));
    expect(await read(world)).toMatchObject({ outcome: 'succeeded' });
    const [key = ''] = await keys(world.store, 'sales/runs/r1/steps/extract/manifests/');
    const manifest = (await stored<Manifest>(world.store, key)) as Manifest;
    const orders = { ...manifest.datasets.orders, parts: [] };
    await world.store.put(key, JSON.stringify({ ...manifest, datasets: { orders } }));
    await expect(read(world)).rejects.toThrow(
      /manifests\/[0-9a-f]+\.json is damaged: its seal does not match its content; resume the run/,
    );
  });
});

test.each([
  [32 * 1024 - 100, true],
  [32 * 1024, false],
])('an outcome carries a result of %i bytes: %s; a dependent reads it either way', async (bytes, carried) => {
  const world = memoryWorld();
  await attempt(world, { step: extract }, () => 'x'.repeat(bytes));
  const outcome = await stored<Outcome>(world.store, 'sales/runs/r1/executions/1/outcomes/extract.json');
  expect(outcome?.made !== undefined).toBe(carried);
  let seen = 0;
  await attempt(world, { step: aStep('report', { dependencies: ['extract'] }) }, (step) => {
    seen = step.result<string>('extract').length;
  });
  expect(seen).toBe(bytes);
});
