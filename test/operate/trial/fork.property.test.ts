import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { outcomeKey } from '../../../lib/contract/object-keys.ts';
import type { DatasetPart } from '../../../lib/contract/records/dataset.ts';
import type { Manifest } from '../../../lib/contract/records/manifest.ts';
import type { Outcome } from '../../../lib/contract/records/outcome.ts';
import type { StepSpec } from '../../../lib/contract/step-spec.ts';
import { machineFacts } from '../../../lib/operate/resume/definition-facts.ts';
import { makeTrial } from '../../../lib/operate/trial/make-trial.ts';
import { vouchForStep } from '../../../lib/operate/vouch/vouch-for-step.ts';
import { BorrowingStore } from '../../../lib/ports/borrowing-store.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import type { ObjectStore } from '../../../lib/ports/ports.ts';
import { findDamage } from '../../../lib/runtime/manifests/find-damage.ts';
import { readExecutions } from '../../../lib/runtime/records/execution-number.ts';
import { keys, memoryWorld, stored, type World } from '../../runtime/fixtures.ts';
import { repeatUntil } from '../../support/repeat-until.ts';
import { sized } from '../../support/sized.ts';
import { authors, oneIn } from '../changing-steps.ts';
import { type Author, machineOf, Runs } from '../world-of-runs.ts';
import { readOnly } from './read-only-store.ts';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'daybreak-fork-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** One step from one execution to the next. `loses`: its data is gone afterwards. */
const change = fc.record({ code: oneIn(3), size: oneIn(8), fails: oneIn(5), from: oneIn(8), loses: oneIn(12) });
const scenario = fc.integer({ min: 2, max: 5 }).chain((width) => {
  const perStep = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: width, maxLength: width });
  const execution = fc.record({
    changes: perStep(change),
    otherDay: oneIn(8),
    until: fc.option(fc.integer({ min: 0, max: width }), { nil: undefined, freq: 3 }),
  });
  return fc.record({
    edges: perStep(perStep(fc.boolean())),
    /** True if the code of a step decides its output. */
    matters: perStep(fc.boolean()),
    before: fc.array(execution, { minLength: 1, maxLength: 3 }),
    /** The execution that is forked, and the one after it. */
    after: fc.array(execution, { minLength: 2, maxLength: 2 }),
  });
});
async function copyOf(store: ObjectStore): Promise<MemoryObjectStore> {
  const copy = new MemoryObjectStore();
  for (const key of await keys(store)) await copy.put(key, (await store.get(key))?.body ?? '');
  return copy;
}

const contentOf = async (store: ObjectStore): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      (await keys(store)).map(async (key) => [key, Buffer.from((await store.get(key))?.body ?? []).toString('hex')]),
    ),
  );

/** The results of an execution by step: the values, and the bytes of every part and file, as any reader of the run gets them. */
async function results({ world, run }: Runs<ObjectStore>, steps: readonly Author[]): Promise<Record<string, unknown>> {
  const { length: execution } = await readExecutions(world.store, run);
  const found: Record<string, unknown> = {};
  for (const { name } of steps) {
    const outcome = await stored<Outcome & { manifest: string }>(world.store, outcomeKey({ ...run, execution }, name));
    const manifest = outcome?.manifest && (await stored<Manifest & { digest: string }>(world.store, outcome.manifest));
    if (!manifest) continue;
    const parts = Object.values(manifest.datasets).flatMap((entry) => entry.parts as readonly DatasetPart[]);
    const bytes = parts.map(async ({ key }) => Buffer.from((await world.store.get(key))?.body ?? []).toString('hex'));
    found[name] = [manifest.result, manifest.digest, await Promise.all(bytes)];
  }
  return found;
}

/** A trial of the run in an empty store, which may read the original's but not write there. */
async function fork(
  original: Runs<ObjectStore>,
  store: ObjectStore,
  from = original.run.run_id,
): Promise<Runs<ObjectStore>> {
  const own = new MemoryObjectStore();
  const borrowing = new BorrowingStore(own, async () => store, scratch);
  const source = { pipeline: 'test', run_id: from };
  const run = { pipeline: 'test', run_id: `fork-of-${from}` };
  const history = await readExecutions(store, source);
  await makeTrial({
    original: { store, region: null, run: source, history },
    store: borrowing,
    run,
    trial: { of: source.run_id },
    taken: null,
    now: original.world.clock.now(),
  });
  const world = { ...memoryWorld(), store: borrowing } as World<ObjectStore>;
  world.clock.time = original.world.clock.time;
  return new Runs(world, run.run_id);
}

test('a fork does what a resume of its original would do, with the same values, and its original stays as it is', async () => {
  const seen = new Set<string>();
  const property = fc.asyncProperty(scenario, async ({ before, after, ...pipeline }) => {
    const original = new Runs();
    for (const { changes, otherDay, until } of before) {
      const from = changes.flatMap((one, index) => (one.from ? [`s${index}`] : []));
      const input = { day: otherDay ? 2 : 1 };
      await original.execute(authors(pipeline, changes), { input, from, ...(until !== undefined && { until }) });
      for (const [index, { loses }] of changes.entries())
        if (loses)
          for (const key of await keys(original.world.store, `test/runs/r/data/s${index}/`))
            await original.world.store.delete(key);
    }
    const content = await contentOf(original.world.store);
    const resumed = new Runs({ ...original.world, store: await copyOf(original.world.store) });
    const forked = await fork(original, readOnly(original.world.store));
    // The second execution is a resume of the fork.
    for (const { changes, otherDay, until } of after) {
      const steps = authors(pipeline, changes);
      const from = changes.flatMap((one, index) => (one.from ? [`s${index}`] : []));
      const options = { input: { day: otherDay ? 2 : 1 }, from, ...(until !== undefined && { until }) };
      expect(await forked.reasons(steps, options)).toEqual(await resumed.reasons(steps, options));
      const outcomes = await forked.execute(steps, options);
      expect(outcomes).toEqual(await resumed.execute(steps, options));
      expect(await results(forked, steps)).toEqual(await results(resumed, steps));
      for (const outcome of Object.values(outcomes)) seen.add(outcome);
    }
    expect(await contentOf(original.world.store)).toEqual(content);
    expect(forked.world.events.sent).toEqual([]);
  });
  await repeatUntil(
    () => seen.size >= 4,
    () => fc.assert(property, { numRuns: sized(2, 120) }),
  );
  expect([...seen].sort()).toEqual(['blocked', 'failed', 'reused', 'succeeded']);
});

test('a fork of a fork has the results of the first run', async () => {
  const steps = authors({ edges: [[], [true]], matters: [true, true] }, [
    { code: false, size: false, fails: false },
    { code: false, size: false, fails: false },
  ]);
  const original = new Runs();
  await original.execute(steps);
  const first = await fork(original, readOnly(original.world.store));
  await first.execute(steps);
  const second = await fork(original, readOnly(first.world.store), first.run.run_id);
  expect(await second.execute(steps)).toEqual({ s0: 'reused', s1: 'reused' });
  expect(await results(second, steps)).toEqual(await results(original as Runs<ObjectStore>, steps));
});

test('a result that a person left for the next execution is there for a fork', async () => {
  const unchanged = { code: false, size: false };
  const steps = authors({ edges: [[], [true]], matters: [true, true] }, [
    { ...unchanged, fails: true },
    { ...unchanged, fails: false },
  ]);
  const original = new Runs();
  await original.execute(steps);
  const { store, executions } = original.world;
  const machine = machineOf(steps);
  const spec = machine.steps.s0 as StepSpec;
  const vouching = { by: 'the one on call', at: '2026-01-01T00:00:00.000Z', reason: 'loaded by hand' };
  const history = await readExecutions(store, original.run);
  const options = { store, executions, facts: machineFacts(machine), history, check: findDamage, spec, vouching };
  await vouchForStep(original.run, { ...options, result: 'by hand' });
  const forked = await fork(original, readOnly(store));
  expect(await forked.reasons(steps)).toEqual(await original.reasons(steps));
  expect(await forked.execute(steps)).toEqual({ s0: 'reused', s1: 'succeeded' });
  expect(await results(forked, steps)).toMatchObject({ s0: ['by hand', expect.any(String), []] });
});
