import { describe, expect, test } from 'vitest';
import { resolveFinalize } from '../../../lib/contract/resolve-event.ts';
import { finalize } from '../../../lib/runtime/execution/finalize.ts';
import { recordFailure } from '../../../lib/runtime/execution/record-failure.ts';
import { aRun, aStep, attempt, errorOf, memoryWorld, type World } from '../fixtures.ts';

const chain = [aStep('a'), aStep('b', { dependencies: ['a'] }), aStep('c', { dependencies: ['b'] }), aStep('d')];
const { steps } = resolveFinalize({
  run: aRun(),
  redrive_count: 0,
  steps: Object.fromEntries(
    chain.map(({ name, dependencies, definition, code }) => [
      name,
      [definition, code, ...dependencies.map((one) => chain.findIndex((step) => step.name === one))],
    ]),
  ),
});

/** The end of the run, and the outcomes that Finalize read for it. */
async function finish(world: World, run = aRun()) {
  const read: string[] = [];
  const { store } = world;
  const get = store.get.bind(store);
  store.get = (key) => {
    const [, step] = /outcomes\/(\w+)\.json/.exec(key) ?? [];
    if (step !== undefined) read.push(step);
    return get(key);
  };
  const ended = await finalize({ run, redrive_count: 0, steps }, world).catch((error: Error) => error);
  return { ended, read };
}

describe('the outcomes that Finalize reads', () => {
  test('after a success are those of the last steps', async () => {
    const world = memoryWorld();
    for (const step of chain) await attempt(world, { step }, () => 1);
    const { ended, read } = await finish(world);
    expect(read).toEqual(['c', 'd']);
    expect(ended).toMatchObject({
      summary: { status: 'SUCCEEDED', steps: { a: 'succeeded', b: 'succeeded', c: 'succeeded', d: 'succeeded' } },
    });
  });

  test('are all before a step that failed, is blocked, or has no outcome', async () => {
    const world = memoryWorld();
    const [a = aStep('a'), b = a, c = a, d = a] = chain;
    await attempt(world, { step: a }, () => 1);
    await recordFailure({ run: aRun(), step: b, failure: { Error: 'X', Cause: 'x' }, attempts: 1 }, world);
    await errorOf(attempt(world, { step: c }, () => 1));
    await attempt(world, { step: d }, () => 1);
    const { ended, read } = await finish(world);
    expect(read).toEqual(['c', 'd', 'a', 'b']);
    expect(String(ended)).toContain('1 failed, 1 blocked');
    const lost = memoryWorld();
    await attempt(lost, { step: d }, () => 1);
    expect(String((await finish(lost)).ended)).toContain('3 failed, 0 blocked');
  });

  test('are all where steps were reused, so that the summary tells which', async () => {
    const world = memoryWorld();
    for (const step of chain.slice(0, 2)) await attempt(world, { step }, () => 1);
    const run = aRun({ execution: 2 });
    for (const step of chain) await attempt(world, { run, step }, () => 1);
    const { ended, read } = await finish(world, run);
    expect(read).toEqual(['c', 'd', 'a', 'b']);
    expect(ended).toMatchObject({ summary: { steps: { a: 'reused', b: 'reused', c: 'succeeded', d: 'succeeded' } } });
  });
});
