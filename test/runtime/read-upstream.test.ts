import { describe, expect, test } from 'vitest';
import { outcomeKey } from '../../lib/contract/object-keys.ts';
import type { Outcome } from '../../lib/contract/records/outcome.ts';
import { recordFailure } from '../../lib/runtime/execution/record-failure.ts';
import type { Step } from '../../lib/runtime/step.ts';
import { aRun, aStep, attempt, errorOf, memoryWorld, stored, type World } from './fixtures.ts';

const a = aStep('a');
const b = aStep('b', { dependencies: ['a'], carries: ['a'] });
const c = aStep('c', { dependencies: ['a', 'b'], via: { a: 'b' } });
const outcomeOf = (world: World, step: string) => stored<Outcome>(world.store, outcomeKey(aRun(), step));
const results = ({ result }: Step) => [result('a'), result('b')];
const look = (world: World, keys: string[]): World => {
  const { store } = world;
  const get = store.get.bind(store);
  store.get = (key) => {
    keys.push(key.split('/').slice(3).join('/'));
    return get(key);
  };
  return world;
};

describe('an outcome that another carries', () => {
  test('is as good as the one that it copies, and spares its reader a request', async () => {
    const world = memoryWorld();
    await attempt(world, { step: a }, () => ({ rows: 7 }));
    await attempt(world, { step: b }, () => 'of b');
    const gets: string[] = [];
    await attempt(look(world, gets), { step: c }, results);
    expect(gets).toEqual(['executions/1/outcomes/b.json']);
    expect((await outcomeOf(world, 'c'))?.made?.result).toEqual([{ rows: 7 }, 'of b']);
    const again = memoryWorld();
    await attempt(again, { step: a }, () => ({ rows: 7 }));
    await attempt(again, { step: b }, () => 'of b');
    await attempt(again, { step: aStep('c', { dependencies: ['a', 'b'] }) }, results);
    expect((await outcomeOf(again, 'c'))?.manifest).toBe((await outcomeOf(world, 'c'))?.manifest);
  });

  test('leaves a content of more than 2 KB in the manifest', async () => {
    const world = memoryWorld();
    await attempt(world, { step: a }, () => 'x'.repeat(3_000));
    await attempt(world, { step: b }, () => 'of b');
    const gets: string[] = [];
    await attempt(look(world, gets), { step: c }, (step) => step.result<string>('a').length);
    expect(gets).toEqual(['executions/1/outcomes/b.json', expect.stringMatching(/^steps\/a\/manifests\//)]);
    expect((await outcomeOf(world, 'c'))?.made?.result).toBe(3_000);
  });

  test('is read by itself when the one between carries none', async () => {
    const world = memoryWorld();
    await attempt(world, { step: a }, () => 1);
    await attempt(world, { step: aStep('b', { dependencies: ['a'] }) }, () => 2);
    await attempt(world, { step: c }, results);
    expect((await outcomeOf(world, 'c'))?.made?.result).toEqual([1, 2]);
  });

  test('tells a failure through a step that it blocked, and through one that record-failure settled', async () => {
    const world = memoryWorld();
    const failure = { Error: 'Sandbox.Timedout', Cause: 'late' };
    await recordFailure({ run: aRun(), step: a, failure, attempts: 1 }, world);
    expect(await errorOf(attempt(world, { step: b }, () => 1))).toMatchObject({ name: 'Blocked' });
    expect((await outcomeOf(world, 'b'))?.carried).toMatchObject([{ step: 'a', outcome: 'failed' }]);
    const late = aStep('b', { dependencies: ['a'], carries: ['a'], trigger_rule: 'all_done' });
    const other = memoryWorld();
    await attempt(other, { step: a }, () => 1);
    await recordFailure({ run: aRun(), step: late, failure, attempts: 1 }, other);
    const last = aStep('c', { dependencies: ['a', 'b'], via: { a: 'b' }, trigger_rule: 'all_done' });
    const gets: string[] = [];
    await attempt(look(other, gets), { step: last }, ({ result }) => result('a'));
    expect(gets).toEqual(['executions/1/outcomes/b.json']);
    expect((await outcomeOf(other, 'c'))?.made?.result).toBe(1);
  });

  test('is covered by the seal of the one that carries it', async () => {
    const world = memoryWorld();
    await attempt(world, { step: a }, () => 1);
    await attempt(world, { step: b }, () => 2);
    const key = outcomeKey(aRun(), 'b');
    const text = Buffer.from((await world.store.get(key))?.body ?? '').toString();
    await world.store.put(key, text.replace('"result": 1', '"result": 8'));
    await expect(attempt(world, { step: c }, results)).rejects.toThrow('outcomes/b.json is damaged');
  });
});
