import { describe, expect, test } from 'vitest';
import { PlatformError } from '../../../lib/contract/errors.ts';
import type { ReconcilePayload, RunContext } from '../../../lib/contract/payloads.ts';
import type { DeadLetter } from '../../../lib/contract/records/dead-letter.ts';
import type { ExecutionEnd } from '../../../lib/contract/records/execution.ts';
import type { RunHistory } from '../../../lib/contract/records/history.ts';
import type { ObjectStore } from '../../../lib/ports/ports.ts';
import { finalize } from '../../../lib/runtime/execution/finalize.ts';
import { prepare } from '../../../lib/runtime/execution/prepare.ts';
import { reconcile } from '../../../lib/runtime/execution/reconcile.ts';
import { recordFailure } from '../../../lib/runtime/execution/record-failure.ts';
import { sized } from '../../support/sized.ts';
import { explore } from '../exploration/explore.ts';
import type { Program } from '../exploration/process.ts';
import {
  aRun,
  aStart,
  aStep,
  attempt,
  errorOf,
  keys,
  memoryWorld,
  StoppedClock,
  stored,
  type World,
} from '../fixtures.ts';

const folder = 'sales/runs/r1/executions/1';
const input = { daybreak: { run_id: 'r1' }, day: '2026-01-31' };
const event = (over: Partial<ReconcilePayload['detail']> = {}): ReconcilePayload => ({
  pipeline: 'sales',
  detail: {
    executionArn: 'arn:1',
    name: 'name-of-arn-1',
    status: 'ABORTED',
    startDate: Date.parse('2026-02-01T01:00:00.000Z'),
    stopDate: Date.parse('2026-02-01T02:00:00.000Z'),
    input: JSON.stringify(input),
    redriveCount: 0,
    ...over,
  },
});
const fail = (ports: Parameters<typeof recordFailure>[1], step = 'extract') =>
  recordFailure({ run: aRun(), step: aStep(step), failure: { Error: 'X' }, attempts: 1 }, ports);
const sent = async (world: World) =>
  (await world.queue.receive(10, 30)).map(({ body }) => (JSON.parse(body) as DeadLetter).id);
const end = (world: World) => stored<ExecutionEnd>(world.store, `${folder}/end.json`);

describe('an execution that died', () => {
  test('has one dead letter as a whole, and an end', async () => {
    const world = memoryWorld();
    await prepare(aStart({ input }), world);
    expect(await reconcile(event(), world)).toEqual({ execution: 1, dead_letters: ['sales/r1/1/_execution'] });
    expect(await end(world)).toEqual({
      execution: 1,
      status: 'ABORTED',
      ended_at: '2026-02-01T02:00:00.000Z',
      failed: [],
      blocked: [],
      failure: { error: 'Aborted', cause: 'The execution was stopped by a person or a program.' },
    });
    expect(await stored(world.store, `${folder}/dead-letters/_execution.json`)).toMatchObject({
      id: 'sales/r1/1/_execution',
      step: '_execution',
      input: { day: '2026-01-31' },
      resume: 'npx daybreak resume sales r1',
    });
    expect(await sent(world)).toEqual(['sales/r1/1/_execution']);
  });

  test('leaves the times of the steps that succeeded, for estimates', async () => {
    const world = memoryWorld();
    const { run } = (await prepare(aStart({ input }), world)) as { run: RunContext };
    await attempt(world, { run, step: aStep('extract') }, () => {
      world.clock.time += 90_000;
      return Promise.resolve(null);
    });
    for (let call = 0; call < 2; call += 1) await reconcile(event(), world);
    const { runs } = (await stored<RunHistory>(world.store, 'sales/history.json')) ?? { runs: [] };
    expect(runs.map(({ run_id, status }) => [run_id, status])).toEqual([['r1', 'ABORTED']]);
    const [started = 0, ended = 0] = runs[0]?.steps.extract ?? [];
    expect(ended - started).toBe(90_000);
  });

  test('keeps the letters of its failed steps, and gets those that are missing', async () => {
    const world = memoryWorld();
    await prepare(aStart({ input }), world);
    await fail(world, 'extract');
    await fail(world, 'load');
    expect(await sent(world)).toEqual(['sales/r1/1/extract', 'sales/r1/1/load']);
    await world.store.delete(`${folder}/dead-letters/load.json`);
    await world.store.delete(`${folder}/sent/load.json`);
    await reconcile(event({ status: 'TIMED_OUT' }), world);
    expect(await sent(world)).toEqual(['sales/r1/1/load', 'sales/r1/1/_execution']);
    expect(await keys(world.store, `${folder}/dead-letters/`)).toHaveLength(3);
    expect(await end(world)).toMatchObject({ status: 'TIMED_OUT', failed: ['extract', 'load'] });
  });

  test('before Prepare, when it was to continue a run, hands on the input and the salts that the run had', async () => {
    const world = memoryWorld();
    await prepare(aStart({ input: { daybreak: { run_id: 'r1', from: ['load'] }, day: '2026-01-31' } }), world);
    await reconcile(event(), world);
    const resumed = event({ executionArn: 'arn:2', name: 'two', input: '{"daybreak":{"run_id":"r1"}}' });
    expect((await reconcile(resumed, world)).execution).toBe(2);
    const again = aStart({ arn: 'arn:3', input: { daybreak: { run_id: 'r1' } } });
    expect(await prepare(again, world)).toMatchObject({
      run: { execution: 3, input: { day: '2026-01-31' }, salts: { load: '1' } },
    });
  });

  test('for an input that does not fit leaves its end and no letter: there is nothing to do again', async () => {
    const world = memoryWorld();
    const detail = { status: 'FAILED', error: 'InvalidInput', cause: '{"errorMessage":"day is missing"}' } as const;
    expect(await reconcile(event(detail), world)).toEqual({ execution: 1, dead_letters: [] });
    expect(await end(world)).toMatchObject({ failure: { error: 'InvalidInput', cause: 'day is missing' } });
    expect(await keys(world.store, `${folder}/dead-letters/`)).toEqual([]);
    expect(await sent(world)).toEqual([]);
  });

  test('before Prepare could register it gets a number, so that its input is not lost', async () => {
    const world = memoryWorld();
    await reconcile(event({ status: 'FAILED', error: 'States.Runtime', cause: 'denied' }), world);
    expect(await stored(world.store, `${folder}/dead-letters/_execution.json`)).toMatchObject({
      failure: { error: 'States.Runtime', cause: 'denied' },
      input: { day: '2026-01-31' },
    });
    const again = await prepare(aStart({ arn: 'arn:2', input: { daybreak: { run_id: 'r1' } } }), world);
    expect(again).toMatchObject({ run: { execution: 2, input: { day: '2026-01-31' } } });
  });

  test('after a redrive is another one', async () => {
    const world = memoryWorld();
    await prepare(aStart({ input }), world);
    await reconcile(event(), world);
    expect(await reconcile(event({ redriveCount: 1 }), world)).toEqual({
      execution: 2,
      dead_letters: ['sales/r1/2/_execution'],
    });
  });

  test('is found by its name when the event had no room for its input', async () => {
    const world = memoryWorld();
    await prepare(aStart({ input: { day: 'x' } }), world);
    expect(await reconcile(event({ input: null }), world)).toMatchObject({ execution: 1 });
    expect(await keys(world.store, 'sales/runs/name-of-arn-1/executions/1/dead-letters/')).toHaveLength(1);
  });
});

describe('an execution that Finalize failed', () => {
  test('has nothing to add when every failed step has its letter', async () => {
    const world = memoryWorld();
    await prepare(aStart({ input }), world);
    await fail(world);
    await errorOf(finalize({ run: aRun(), redrive_count: 0, steps: [{ name: 'extract' }] }, world));
    const before = await keys(world.store);
    expect(await reconcile(event({ status: 'FAILED', error: 'PipelineFailed' }), world)).toEqual({
      execution: 1,
      dead_letters: [],
    });
    expect(await keys(world.store)).toEqual(before);
    expect(await sent(world)).toEqual(['sales/r1/1/extract']);
  });

  test('gets the letters sent that neither record-failure nor Finalize could send', async () => {
    const world = memoryWorld();
    const deaf = { ...world, queue: { send: () => Promise.reject(new PlatformError('SQS: 503')) } };
    await prepare(aStart({ input }), world);
    await errorOf(fail(deaf));
    const finalizing = finalize({ run: aRun(), redrive_count: 0, steps: [{ name: 'extract' }] }, deaf);
    expect(await errorOf(finalizing)).toMatchObject({ name: 'PlatformError' });
    expect(await end(world)).toBeNull();
    await reconcile(event({ status: 'FAILED', error: 'PlatformError', cause: 'SQS: 503' }), world);
    expect(await sent(world)).toEqual(['sales/r1/1/extract', 'sales/r1/1/_execution']);
  });
});

test('an event that comes twice changes nothing', async () => {
  const world = memoryWorld();
  await prepare(aStart({ input }), world);
  await fail(world);
  await reconcile(event(), world);
  const before = await keys(world.store);
  expect(await reconcile(event(), world)).toEqual({ execution: 1, dead_letters: [] });
  expect(await keys(world.store)).toEqual(before);
  expect(await sent(world)).toEqual(['sales/r1/1/extract', 'sales/r1/1/_execution']);
});

test('racing Finalize, record-failure and itself, in every interleaving: one end, and one letter per failure', async () => {
  const clock = new StoppedClock();
  const queueIn = (store: ObjectStore) => ({
    send: async (body: string) => void (await store.put(`queue/${(JSON.parse(body) as DeadLetter).id}`, 'sent')),
  });
  const reconciling: Program = ({ store }) => reconcile(event(), { store, clock, queue: queueIn(store) });
  const explored = await explore<null>({
    programs: {
      reconcile: reconciling,
      'reconcile again': reconciling,
      finalize: ({ store }) =>
        finalize(
          { run: aRun(), redrive_count: 0, steps: [{ name: 'extract' }] },
          { store, clock, queue: queueIn(store) },
        ).catch(() => null),
      'record-failure': ({ store, tokens }) => fail({ store, tokens, clock, queue: queueIn(store) }),
    },
    start: {
      label: 'start',
      facts: null,
      start: ['reconcile', 'finalize', 'record-failure', 'reconcile again']
        .slice(0, sized(3, 4))
        .map((name) => ({ name, program: name })),
    },
    happenings: () => [],
    check: () => null,
    checkEnd({ objects }) {
      const letters = [...objects.keys()].filter((key) => key.includes('/dead-letters/')).sort();
      const ends = [...objects.keys()].filter((key) => key.endsWith('/end.json'));
      const step = letters.includes(`${folder}/dead-letters/extract.json`);
      const whole = letters.includes(`${folder}/dead-letters/_execution.json`);
      const died = (JSON.parse(objects.get(`${folder}/end.json`) ?? '{}') as ExecutionEnd).status === 'ABORTED';
      const unsent = letters.filter(
        (key) => !objects.has(`queue/${(JSON.parse(objects.get(key) ?? '{}') as DeadLetter).id}`),
      );
      if (ends.length !== 1) return `ends: ${ends}`;
      if (!step) return 'the failed step has no letter';
      if (died && !whole) return 'the execution died and has no letter';
      return unsent.length > 0 ? `never sent: ${unsent}` : null;
    },
    writtenOnce: (key) => !key.startsWith('queue/'),
    endsDoNotMatter: true,
  });
  console.info(`reconcile: ${explored.interleavings} interleavings, ${explored.states} states, ${explored.ends} ends`);
  expect(explored.interleavings).toBeGreaterThan(BigInt(sized(1_000, 10_000)));
});
