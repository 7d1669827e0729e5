import { expect, test } from 'vitest';
import { loadPostgres } from '../../lib/connectors/postgres/write/load-postgres.ts';
import { historyKey, manifestKey, onceKey } from '../../lib/contract/object-keys.ts';
import type { RunContext } from '../../lib/contract/payloads.ts';
import { finalize } from '../../lib/runtime/execution/finalize.ts';
import { aRun, aStep, attempt, errorOf, keys, memoryWorld, stored } from './fixtures.ts';

const trialOf = (trial: NonNullable<RunContext['trial']>) => aRun({ execution: 2, trial });
const silent = trialOf({ of: 'night' });
const refusal = /this run is a fork of night, and a fork sends nothing\. .*--send$/;

test('a fork refuses an effect before it happens, unless its run had done it or it may send', async () => {
  const effects: string[] = [];
  const send = (run: RunContext, world = memoryWorld()) =>
    attempt(world, { run, step: aStep('mail') }, (step) => step.once('letter', () => effects.push(run.run_id)));
  const error = await errorOf(send(silent));
  expect([error.name, error.message]).toEqual(['PermanentError', expect.stringMatching(refusal)]);
  expect(error.message).toContain('step.once("letter") was not done');

  const world = memoryWorld();
  await world.store.put(onceKey(silent, 'mail', 'letter'), '{}');
  expect(await send(silent, world)).toMatchObject({ outcome: 'succeeded' });
  expect(effects).toEqual([]);
  expect(await send(trialOf({ of: 'night', sends: true }))).toMatchObject({ outcome: 'succeeded' });
  expect(effects).toEqual(['r1']);
});

test('a fork loads no table: the sink refuses before it connects', async () => {
  const step = {
    name: 'load',
    signal: new AbortController().signal,
    progress: async () => undefined,
    run: { pipeline: 'sales', run_id: 'fork', execution: 2, trial: { of: 'night', sends: false } },
  };
  const target = { url: 'postgres://nowhere.invalid/x', table: 'orders', columns: ['id'], mode: 'append' } as const;
  const error = await errorOf(loadPostgres(step, [{ id: 1 }], target));
  expect([error.name, error.message]).toEqual(['PermanentError', expect.stringMatching(refusal)]);
  expect(error.message).toContain('the load of orders was not done');
});

test('a handler sees that it works for a fork', async () => {
  const world = memoryWorld();
  const seen: unknown[] = [];
  await attempt(world, { run: silent, step: aStep('a') }, (step) => void seen.push(step.run.trial));
  await attempt(world, { run: aRun({ run_id: 'plain' }), step: aStep('a') }, (step) => void seen.push(step.run.trial));
  expect(seen).toEqual([{ of: 'night', sends: false }, undefined]);
});

test('a step that was not asked for has the result that was taken for it, or is skipped; its handler never runs', async () => {
  const world = memoryWorld();
  const never = () => {
    throw new Error('it ran');
  };
  // The result of an earlier execution, under a fingerprint that today's code does not have.
  await attempt(world, { run: aRun(), step: aStep('taken', { definition: 'of yesterday' }) }, () => 'as it was');
  const run = trialOf({ of: 'night', only: ['asked'] });
  expect(await attempt(world, { run, step: aStep('taken') }, never)).toMatchObject({ outcome: 'reused' });
  expect(await attempt(world, { run, step: aStep('other') }, never)).toMatchObject({ outcome: 'skipped' });
  const asked = aStep('asked', { dependencies: ['taken'] });
  const seen: unknown[] = [];
  await attempt(world, { run, step: asked }, (step) => void seen.push(step.result('taken')));
  expect(seen).toEqual(['as it was']);

  const [key = ''] = await keys(world.store, manifestKey(run, 'taken', '').replace('.json', ''));
  const manifest = await stored<{ result: string }>(world.store, key);
  await world.store.put(key, JSON.stringify({ ...manifest, result: 'another' }));
  const damaged = attempt(world, { run: { ...run, execution: 3 }, step: aStep('taken') }, never);
  expect((await errorOf(damaged)).message).toBe(
    'the result of step taken, taken from run night, is damaged: the manifest; name another run with --upstream, or add taken to --only',
  );
});

test('the end of a trial enters no history and reports nothing; that of another run does', async () => {
  const endOf = async (run: RunContext) => {
    const world = memoryWorld();
    await attempt(world, { run, step: aStep('a') }, () => 1);
    await finalize({ run, redrive_count: 0, steps: [{ name: 'a' }] }, world);
    return [await stored(world.store, historyKey(run.pipeline)), world.events.sent.map(({ type }) => type)];
  };
  expect(await endOf(silent)).toEqual([null, []]);
  expect(await endOf(aRun())).toEqual([expect.anything(), expect.arrayContaining(['run.completed'])]);
});
