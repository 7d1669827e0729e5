import { describe, expect, test } from 'vitest';
import { PlatformError } from '../../../lib/contract/errors.ts';
import type { DeadLetter } from '../../../lib/contract/records/dead-letter.ts';
import type { Outcome } from '../../../lib/contract/records/outcome.ts';
import type { FinalizePayload } from '../../../lib/contract/resolve-event.ts';
import { finalize } from '../../../lib/runtime/execution/finalize.ts';
import { aRun, errorOf, keys, memoryWorld, stored, type World } from '../fixtures.ts';

const folder = 'sales/runs/r1/executions/1';
const settleAs = (world: World, step: string, outcome: Outcome['outcome'], causes: string[] = []) =>
  world.store.put(
    `${folder}/outcomes/${step}.json`,
    JSON.stringify({
      step,
      outcome,
      causes: outcome === 'failed' ? [step] : causes,
      failure: outcome === 'failed' ? { error: 'CrmDown', cause: 'no answer\nmore' } : null,
      attempts: 2,
      ended_at: '2026-02-01T00:59:00.000Z',
    }),
  );
const payload = (steps: FinalizePayload['steps'], over: Partial<FinalizePayload> = {}): FinalizePayload => ({
  run: aRun(),
  redrive_count: 0,
  steps,
  ...over,
});
const end = (world: World) => stored(world.store, `${folder}/end.json`);
const letters = (world: World) => keys(world.store, `${folder}/dead-letters/`);

describe('the end of an execution', () => {
  test('is good when every step succeeded, was reused or was skipped', async () => {
    const world = memoryWorld();
    await settleAs(world, 'a', 'succeeded');
    await settleAs(world, 'b', 'reused');
    await settleAs(world, 'c', 'skipped');
    expect(await finalize(payload([{ name: 'a' }, { name: 'b' }, { name: 'c' }]), world)).toEqual({
      again: false,
      summary: {
        pipeline: 'sales',
        run_id: 'r1',
        execution: 1,
        status: 'SUCCEEDED',
        steps: { a: 'succeeded', b: 'reused', c: 'skipped' },
      },
    });
    expect(await end(world)).toEqual({
      execution: 1,
      status: 'SUCCEEDED',
      ended_at: '2026-02-01T01:00:00.000Z',
      failed: [],
      blocked: [],
      failure: null,
    });
  });

  test('is bad when a step failed: it says which failed, which are blocked, and how to go on', async () => {
    const world = memoryWorld();
    await settleAs(world, 'a', 'failed');
    await settleAs(world, 'b', 'blocked', ['a']);
    await settleAs(world, 'c', 'succeeded');
    const error = await errorOf(finalize(payload([{ name: 'a' }, { name: 'b' }, { name: 'c' }]), world));
    expect(error).toMatchObject({
      name: 'PipelineFailed',
      message:
        'Run r1 of sales: 1 failed, 1 blocked.\n- a failed: CrmDown: no answer\n- b is blocked by a\nResume with: npx daybreak resume sales r1',
    });
    expect(await end(world)).toMatchObject({
      status: 'FAILED',
      failed: ['a'],
      blocked: ['b'],
      failure: { error: 'PipelineFailed' },
    });
  });

  test('is the same when Finalize is repeated', async () => {
    const world = memoryWorld();
    await settleAs(world, 'a', 'failed');
    const first = await errorOf(finalize(payload([{ name: 'a' }]), world));
    const before = await end(world);
    world.clock.time += 5_000;
    expect((await errorOf(finalize(payload([{ name: 'a' }]), world))).message).toBe(first.message);
    expect(await end(world)).toEqual(before);
  });

  test('settles a step without an outcome as failed, with a dead letter', async () => {
    const world = memoryWorld();
    const error = await errorOf(finalize(payload([{ name: 'lost', severity: 'critical' }]), world));
    expect(error.message).toContain('- lost failed: OutcomeMissing:');
    expect(await stored(world.store, `${folder}/dead-letters/lost.json`)).toMatchObject({
      id: 'sales/r1/1/lost',
      severity: 'critical',
      failure: { error: 'OutcomeMissing' },
      recorded_by: 'finalize',
    });
  });

  test('completes the dead letter of a failed step that has none', async () => {
    const world = memoryWorld();
    await settleAs(world, 'a', 'failed');
    await errorOf(finalize(payload([{ name: 'a' }]), world));
    expect(await letters(world)).toEqual([`${folder}/dead-letters/a.json`]);
  });

  test('sends the letters that the queue has not got, and ends nothing while the queue does not answer', async () => {
    const world = memoryWorld();
    await settleAs(world, 'a', 'failed');
    const deaf = { ...world, queue: { send: () => Promise.reject(new PlatformError('SQS: 503')) } };
    const steps = [{ name: 'a', optional: true as const }];
    expect(await errorOf(finalize(payload(steps), deaf))).toMatchObject({ name: 'PlatformError' });
    expect(await end(world)).toBeNull();
    for (const _ of [1, 2]) expect(await finalize(payload(steps), world)).toMatchObject({ again: false });
    expect((await world.queue.receive(10, 30)).map(({ body }) => (JSON.parse(body) as DeadLetter).id)).toEqual([
      'sales/r1/1/a',
    ]);
  });

  test('stays within what Step Functions keeps of a cause, with 500 failed steps', async () => {
    const world = memoryWorld();
    const names = Array.from({ length: 500 }, (_, index) => `step_${index}`);
    for (const name of names) await settleAs(world, name, 'failed');
    const error = await errorOf(finalize(payload(names.map((name) => ({ name }))), world));
    expect(error.message).toContain('500 failed, 0 blocked');
    expect(error.message).toContain('- and 460 more');
    expect(Buffer.byteLength(error.message)).toBeLessThan(32_768);
  });
});

describe('optional steps', () => {
  const steps: FinalizePayload['steps'] = [{ name: 'nice', optional: true }, { name: 'after' }, { name: 'needed' }];

  test('may fail, and what only they block is not counted', async () => {
    const world = memoryWorld();
    await settleAs(world, 'nice', 'failed');
    await settleAs(world, 'after', 'blocked', ['nice']);
    await settleAs(world, 'needed', 'succeeded');
    expect(await finalize(payload(steps), world)).toMatchObject({ again: false, summary: { status: 'SUCCEEDED' } });
    expect(await letters(world)).toEqual([`${folder}/dead-letters/nice.json`]);
    expect(await end(world)).toMatchObject({ failed: ['nice'], blocked: ['after'] });
  });

  test('do not excuse a step that another failure blocks as well', async () => {
    const world = memoryWorld();
    await settleAs(world, 'nice', 'failed');
    await settleAs(world, 'needed', 'failed');
    await settleAs(world, 'after', 'blocked', ['needed', 'nice']);
    const error = await errorOf(finalize(payload(steps), world));
    expect(error.message).toContain('1 failed, 1 blocked');
    expect(error.message).not.toContain('nice failed');
  });

  test('that are blocked do not count', async () => {
    const world = memoryWorld();
    await settleAs(world, 'needed', 'failed');
    await settleAs(world, 'after', 'succeeded');
    await settleAs(world, 'nice', 'blocked', ['needed']);
    expect((await errorOf(finalize(payload(steps), world))).message).toContain('1 failed, 0 blocked');
  });
});

test('a redriven execution is sent back to Prepare and nothing is written', async () => {
  const world = memoryWorld();
  expect(await finalize(payload([{ name: 'a' }], { redrive_count: 1 }), world)).toEqual({ again: true });
  expect(await keys(world.store)).toEqual([]);
});
