import { describe, expect, test } from 'vitest';
import type { RunContext } from '../../../lib/contract/payloads.ts';
import { finalize } from '../../../lib/runtime/execution/finalize.ts';
import { leaseName, unknownExecutionGraceMs } from '../../../lib/runtime/execution/lease.ts';
import { prepare } from '../../../lib/runtime/execution/prepare.ts';
import { reconcile } from '../../../lib/runtime/execution/reconcile.ts';
import { aStart, errorOf, keys, memoryWorld, stored, type World } from '../fixtures.ts';

interface Start {
  readonly policy?: 'skip' | 'queue';
  readonly key?: string;
  readonly input?: object;
  readonly redrive?: number;
}

/** Prepare of the execution `arn:<run>` of a run, which Step Functions knows as running. */
function start(world: World, run: string, { policy = 'skip', key, input = {}, redrive = 0 }: Start = {}) {
  world.executions.set(`arn:${run}`, 'RUNNING');
  return asked(world, run, { policy, ...(key !== undefined && { key }), input, redrive });
}

const asked = (world: World, run: string, { policy = 'skip', key, input = {}, redrive = 0 }: Start = {}) =>
  prepare(
    aStart({
      arn: `arn:${run}`,
      input: { daybreak: { run_id: run }, ...input },
      redrive,
      pipeline: { overlap: { policy, ...(key !== undefined && { key }) } },
    }),
    world,
  );

const leaseOf = (answer: Awaited<ReturnType<typeof prepare>>) => ('run' in answer ? answer.run.lease : answer);
const contextOf = (answer: Awaited<ReturnType<typeof prepare>>): RunContext => {
  if ('run' in answer) return answer.run;
  throw new Error(JSON.stringify(answer));
};
const finish = (world: World, run: RunContext, steps: string[] = []) =>
  finalize({ run, redrive_count: run.redrive_count, steps: steps.map((name) => ({ name })) }, world);
const holderOf = async (world: World) =>
  (await stored<{ holder: { run_id: string } | null }>(world.store, 'sales/leases/_all.json'))?.holder?.run_id ?? null;

describe('a start while another run is going', () => {
  const going = 'run r1 is active since 2026-02-01T01:00:00.000Z (arn:r1); one run at a time';

  test('is skipped with who is going, and leaves no record', async () => {
    const world = memoryWorld();
    expect(leaseOf(await start(world, 'r1'))).toEqual({ key: '_all', fence: 1 });
    expect(await start(world, 'r2')).toEqual({ refused: going });
    expect(await keys(world.store, 'sales/runs/r2/')).toEqual([]);
  });

  test('queues, and continues when the other has ended', async () => {
    const world = memoryWorld();
    const first = contextOf(await start(world, 'r1', { policy: 'queue' }));
    expect(await start(world, 'r2', { policy: 'queue' })).toEqual({ queued: going });
    await finish(world, first);
    expect(leaseOf(await start(world, 'r2', { policy: 'queue' }))).toEqual({ key: '_all', fence: 2 });
  });

  test('runs when its key has another value; a run without the field is one more value', async () => {
    const world = memoryWorld();
    const eu = { key: 'at.region', input: { at: { region: 'eu' } } };
    expect(await start(world, 'r1', eu)).toHaveProperty('run');
    expect(await start(world, 'r2', { ...eu, input: { at: { region: 'us' } } })).toHaveProperty('run');
    expect(await start(world, 'r3', { ...eu, input: {} })).toHaveProperty('run');
    expect(await start(world, 'r4', eu)).toEqual({ refused: `${going} for each at.region, here "eu"` });
    expect(await start(world, 'r5', { ...eu, input: { at: 'eu' } })).toEqual({
      refused: expect.stringContaining('run r3 is active'),
    });
  });

  test('runs when the pipeline allows it, without a lease', async () => {
    const world = memoryWorld();
    expect(await start(world, 'r1')).toHaveProperty('run');
    expect(await prepare(aStart({ arn: 'arn:r2' }), world)).not.toHaveProperty('run.lease');
    expect(await keys(world.store, 'sales/leases/')).toEqual(['sales/leases/_all.json']);
  });

  test('of the same tick is refused for that, also when the first one only queued', async () => {
    const world = memoryWorld();
    const tick = (arn: string) => {
      world.executions.set(arn, 'RUNNING');
      const input = { daybreak: { scheduled_time: '2026-02-01T01:00:00Z' } };
      return prepare(aStart({ arn, input, pipeline: { overlap: { policy: 'queue' } } }), world);
    };
    const other = contextOf(await start(world, 'r1', { policy: 'queue' }));
    expect(await tick('arn:t1')).toHaveProperty('queued');
    expect(await tick('arn:t2')).toHaveProperty('queued');
    await finish(world, other);
    const run = contextOf(await tick('arn:t2'));
    await finish(world, run);
    expect(await tick('arn:t1')).toEqual({
      refused: 'run sales-20260201T010000Z of this scheduled time was already started by arn:t2',
    });
  });
});

describe('the lease', () => {
  test('has a key that does not depend on the order of fields, and differs by path and value', () => {
    const names = [
      leaseName('r', { r: { a: 1, b: 2 } }),
      leaseName('r', { r: { b: 2, a: 1 } }),
      leaseName('r', { r: 1 }),
      leaseName('r', { r: '1' }),
      leaseName('s', { s: 1 }),
      leaseName('r', {}),
      leaseName('constructor', {}),
    ];
    expect(names[0]).toBe(names[1]);
    expect(new Set(names).size).toBe(6);
    for (const name of names) expect(name).toMatch(/^[0-9a-f]{40}$/);
  });

  test('is found again by a Prepare that is repeated, and counts as taken when only the answer was lost', async () => {
    const world = memoryWorld();
    const { store } = world;
    const put = store.put.bind(store);
    store.put = async (key, body, options) => {
      const written = await put(key, body, options);
      if (!key.includes('/leases/')) return written;
      store.put = put;
      return { written: false };
    };
    const first = await start(world, 'r1');
    expect(leaseOf(first)).toEqual({ key: '_all', fence: 1 });
    expect(await start(world, 'r1')).toEqual(first);
  });

  test.each(['FAILED', 'TIMED_OUT', 'ABORTED', 'SUCCEEDED'] as const)(
    'is lost by a holder that is %s',
    async (status) => {
      const world = memoryWorld();
      await start(world, 'r1');
      world.executions.set('arn:r1', status);
      expect(leaseOf(await start(world, 'r2'))).toEqual({ key: '_all', fence: 2 });
    },
  );

  test('is lost by a holder that Step Functions does not know, but not at once', async () => {
    const world = memoryWorld();
    await asked(world, 'r1');
    world.clock.time += unknownExecutionGraceMs - 1;
    expect(await start(world, 'r2')).toHaveProperty('refused');
    world.clock.time += 1;
    expect(leaseOf(await start(world, 'r2'))).toEqual({ key: '_all', fence: 2 });
  });

  test('is given back whether the run ends well or badly', async () => {
    const world = memoryWorld();
    await finish(world, contextOf(await start(world, 'r1')));
    expect(await holderOf(world)).toBeNull();
    const error = await errorOf(finish(world, contextOf(await start(world, 'r2')), ['lost']));
    expect(error.name).toBe('PipelineFailed');
    expect(await holderOf(world)).toBeNull();
    expect(leaseOf(await start(world, 'r3'))).toEqual({ key: '_all', fence: 3 });
  });

  test('stays with an execution that was stopped, so that its redrive has it from the first moment', async () => {
    const world = memoryWorld();
    await start(world, 'r1');
    const detail = { executionArn: 'arn:r1', name: 'n', status: 'ABORTED', startDate: world.clock.now() } as const;
    await reconcile({ pipeline: 'sales', detail: { ...detail, input: '{"daybreak":{"run_id":"r1"}}' } }, world);
    // Redriven: it goes on in the middle of a step, and comes to Prepare at its end.
    world.executions.set('arn:r1', 'RUNNING');
    expect(await start(world, 'r2')).toHaveProperty('refused');
    expect(leaseOf(await start(world, 'r1', { redrive: 1 }))).toEqual({ key: '_all', fence: 2, first: 1 });
  });

  test('is lost by a holder of another machine, which Prepare may not ask about, but not at once', async () => {
    const world = memoryWorld();
    const of = (arn: string) => aStart({ arn, pipeline: { overlap: { policy: 'skip' } } });
    world.executions.status = async (arn) => Promise.reject(new Error(`AccessDenied: ${arn}`));
    await prepare(of('arn:old-machine:r1'), world);
    expect(await prepare(of('arn:new-machine:r2'), world)).toHaveProperty('refused');
    world.clock.time += unknownExecutionGraceMs;
    expect(leaseOf(await prepare(of('arn:new-machine:r2'), world))).toEqual({ key: '_all', fence: 2 });
  });

  test('is not withheld from an execution by an older one of its name', async () => {
    const world = memoryWorld();
    await start(world, 'r1');
    const begun = aStart({
      arn: 'arn:r1',
      input: { daybreak: { run_id: 'r1' } },
      pipeline: { overlap: { policy: 'skip' } },
    });
    const again = { ...begun, execution: { ...begun.execution, started_at: '2026-06-01T01:00:00.000Z' } };
    expect(leaseOf(await prepare(again, world))).toEqual({ key: '_all', fence: 2, first: 1 });
  });
});

describe('an execution whose lease another has taken', () => {
  const overtaken = async () => {
    const world = memoryWorld();
    const run = contextOf(await start(world, 'r1'));
    world.executions.set('arn:r1', 'ABORTED');
    await start(world, 'r2');
    return { world, run };
  };

  test('fails with LeaseLost at its end, and leaves the lease alone', async () => {
    const { world, run } = await overtaken();
    const error = await errorOf(finish(world, run));
    expect(error).toMatchObject({ name: 'LeaseLost', message: expect.stringContaining('took the turn of run r1') });
    expect(await stored(world.store, 'sales/runs/r1/executions/1/end.json')).toMatchObject({
      status: 'FAILED',
      failure: { error: 'LeaseLost' },
    });
    expect(await errorOf(finish(world, run))).toMatchObject({ name: 'LeaseLost' });
    expect(await holderOf(world)).toBe('r2');
  });

  test('stays a success if it had ended before', async () => {
    const world = memoryWorld();
    const run = contextOf(await start(world, 'r1'));
    await finish(world, run);
    await start(world, 'r2');
    expect(await finish(world, run)).toMatchObject({ summary: { status: 'SUCCEEDED' } });
    expect(await holderOf(world)).toBe('r2');
  });

  test('cannot be redriven while the other is going, and then can', async () => {
    const { world } = await overtaken();
    expect(await errorOf(start(world, 'r1', { redrive: 1 }))).toMatchObject({
      name: 'LeaseLost',
      message: expect.stringContaining('run r2 is active'),
    });
    world.executions.set('arn:r2', 'SUCCEEDED');
    expect(await start(world, 'r1', { redrive: 1 })).toMatchObject({
      run: { execution: 2, lease: { key: '_all', fence: 3 } },
    });
  });
});

test('a redrive takes over from the execution that it continues, and a late Prepare of that one does not take it back', async () => {
  const world = memoryWorld();
  await start(world, 'r1');
  expect(leaseOf(await start(world, 'r1', { redrive: 1 }))).toEqual({ key: '_all', fence: 2, first: 1 });
  await asked(world, 'r1');
  expect(await stored(world.store, 'sales/leases/_all.json')).toMatchObject({ fence: 2, holder: { redrive_count: 1 } });
});

test('a resume takes over from the execution of its run that died', async () => {
  const world = memoryWorld();
  await start(world, 'r1');
  world.executions.set('arn:r1', 'ABORTED');
  world.executions.set('arn:again', 'RUNNING');
  const resume = aStart({
    arn: 'arn:again',
    input: { daybreak: { run_id: 'r1' } },
    pipeline: { overlap: { policy: 'skip' } },
  });
  expect(await prepare(resume, world)).toMatchObject({ run: { execution: 2, lease: { fence: 2 } } });
});

test('a resumed run says in which turn it began, and in which turn --from asked for a step', async () => {
  const world = memoryWorld();
  const end = (run: string) => world.executions.set(`arn:${run}`, 'ABORTED');
  await start(world, 'r1');
  end('r1');
  await start(world, 'r2');
  end('r2');
  const resume = (arn: string, from: readonly string[] = []) => {
    world.executions.set(arn, 'RUNNING');
    const input = { daybreak: { run_id: 'r1', ...(from.length > 0 && { from: [...from] }) } };
    return prepare(aStart({ arn, input, pipeline: { overlap: { policy: 'skip' } } }), world);
  };
  expect(leaseOf(await resume('arn:r1-2'))).toEqual({ key: '_all', fence: 3, first: 1 });
  world.executions.set('arn:r1-2', 'ABORTED');
  expect(leaseOf(await resume('arn:r1-3', ['load']))).toEqual({ key: '_all', fence: 4, first: 1, asked: { load: 4 } });
  world.executions.set('arn:r1-3', 'ABORTED');
  expect(leaseOf(await resume('arn:r1-4'))).toEqual({ key: '_all', fence: 5, first: 1, asked: { load: 4 } });
});
