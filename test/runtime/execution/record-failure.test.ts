import { describe, expect, test } from 'vitest';
import { PlatformError } from '../../../lib/contract/errors.ts';
import type { DeadLetter } from '../../../lib/contract/records/dead-letter.ts';
import type { Outcome } from '../../../lib/contract/records/outcome.ts';
import type { RecordFailurePayload } from '../../../lib/contract/resolve-event.ts';
import { recordFailure } from '../../../lib/runtime/execution/record-failure.ts';
import { aRun, aStep, attempt, errorOf, keys, memoryWorld, stored, type World } from '../fixtures.ts';

const extract = aStep('extract', { wakes: { join: ['extract'] } });
const lambdaError = {
  Error: 'CrmDown',
  Cause: '{"errorType":"CrmDown","errorMessage":"no answer","trace":["CrmDown","  at x"]}',
};
const record = (world: World, over: Partial<RecordFailurePayload> = {}) =>
  recordFailure({ run: aRun(), step: extract, failure: lambdaError, attempts: 3, ...over }, world);
const outcomeOf = (world: World, step = 'extract') =>
  stored<Outcome>(world.store, `sales/runs/r1/executions/1/outcomes/${step}.json`);
const letterOf = (world: World, step = 'extract') =>
  stored<DeadLetter>(world.store, `sales/runs/r1/executions/1/dead-letters/${step}.json`);
const sent = async (world: World) =>
  (await world.queue.receive(10, 30)).map(
    ({ body }) => JSON.parse(body) as DeadLetter & { readonly input_in?: string },
  );
const forget = (world: World) => world.store.delete('sales/runs/r1/executions/1/outcomes/extract.json');

describe('recording a failure', () => {
  test('settles it, sends a replay order, and wakes the steps that waited', async () => {
    const world = memoryWorld();
    await world.store.put('sales/runs/r1/executions/1/waits/join.json', '{"token":"t","rank":[0,"x",0]}');
    const result = await record(world);
    expect(await outcomeOf(world)).toEqual({
      step: 'extract',
      outcome: 'failed',
      execution: 1,
      manifest: null,
      digest: null,
      failure: { error: 'CrmDown', cause: 'no answer' },
      tried: { code: 'code', definition: 'definition of extract' },
      causes: ['extract'],
      attempts: 3,
      started_at: null,
      ended_at: '2026-02-01T01:00:00.000Z',
    });
    const letter = {
      id: 'sales/r1/1/extract',
      pipeline: 'sales',
      run_id: 'r1',
      execution: 1,
      execution_arn: 'arn:1',
      step: 'extract',
      severity: 'high',
      failure: { error: 'CrmDown', cause: 'no answer' },
      attempts: 3,
      failed_at: '2026-02-01T01:00:00.000Z',
      input: { day: '2026-01-31' },
      upstream_manifests: {},
      logs: null,
      resume: 'npx daybreak resume sales r1',
      recorded_by: 'record-failure',
    };
    expect(await letterOf(world)).toEqual(letter);
    expect(result).toEqual({ outcome: 'failed' });
    expect(await sent(world)).toEqual([letter]);
    expect(world.answered).toEqual(['t']);
  });

  test('is not held up by a damaged outcome before it, or by a damaged token', async () => {
    const world = memoryWorld();
    await world.store.put('sales/runs/r1/executions/1/outcomes/extract.json', '{"step":"extr');
    await world.store.put('sales/runs/r1/executions/1/waits/last.json', '{"tok');
    const join = aStep('join', { dependencies: ['extract'], wakes: { last: ['join'] } });
    const failure = await errorOf(attempt(world, { step: join }, () => Promise.resolve({})));
    expect(failure).toMatchObject({ name: 'PermanentError', code: 'DAMAGED_RECORD' });
    const given = {
      Error: failure.name,
      Cause: JSON.stringify({ errorType: failure.name, errorMessage: failure.message }),
    };
    expect(await record(world, { step: join, failure: given, attempts: 1 })).toEqual({ outcome: 'failed' });
    expect(await outcomeOf(world, 'join')).toMatchObject({ outcome: 'failed', failure: { error: 'PermanentError' } });
    expect((await letterOf(world, 'join'))?.failure.cause).toContain('outcomes/extract.json is damaged');
  });

  test('of a step whose own outcome is damaged ends, and wakes the steps that wait', async () => {
    const world = memoryWorld();
    await world.store.put('sales/runs/r1/executions/1/outcomes/extract.json', '');
    await world.store.put('sales/runs/r1/executions/1/waits/join.json', '{"token":"t","rank":[0,"x",0]}');
    expect(await record(world)).toEqual({ outcome: 'failed' });
    expect(world.answered).toEqual(['t']);
    expect(await sent(world)).toEqual([]);
  });

  test('says where the log of the last attempt is, and when the first one started', async () => {
    const world = memoryWorld();
    const logs = { group: '/aws/lambda/x', stream: '2026/[1]abc' };
    await errorOf(attempt(world, { step: extract }, () => Promise.reject(new Error('one'))));
    world.clock.time += 60_000;
    await errorOf(attempt(world, { step: extract, attempt: 2 }, () => Promise.reject(new Error('two')), { logs }));
    await record(world);
    expect(await letterOf(world)).toMatchObject({ logs });
    expect(await outcomeOf(world)).toMatchObject({
      started_at: '2026-02-01T01:00:00.000Z',
      ended_at: '2026-02-01T01:01:00.000Z',
    });
  });

  test('twice leaves one letter, and the second answers the same', async () => {
    const world = memoryWorld();
    const first = await record(world);
    world.clock.time += 1_000;
    expect(await record(world, { attempts: 4 })).toEqual(first);
    expect(await keys(world.store, 'sales/runs/r1/executions/1/dead-letters/')).toHaveLength(1);
    expect(await sent(world)).toHaveLength(1);
  });

  test('completes a letter that a crash left out', async () => {
    const world = memoryWorld();
    const first = await record(world);
    await world.store.delete('sales/runs/r1/executions/1/dead-letters/extract.json');
    world.clock.time += 1_000;
    expect(await record(world)).toEqual(first);
  });

  test('whose letter the queue does not take fails, and is complete when it is repeated', async () => {
    const world = memoryWorld();
    await world.store.put('sales/runs/r1/executions/1/waits/join.json', '{"token":"t","rank":[0,"x",0]}');
    const deaf = { ...world, queue: { send: () => Promise.reject(new PlatformError('SQS: 503')) } };
    const failing = recordFailure({ run: aRun(), step: extract, failure: lambdaError, attempts: 3 }, deaf);
    expect(await errorOf(failing)).toMatchObject({ name: 'PlatformError' });
    // The steps that wait do not wait for the queue.
    expect([await outcomeOf(world), world.answered]).toMatchObject([{ outcome: 'failed' }, ['t']]);
    expect(await letterOf(world)).not.toBeNull();
    await record(world);
    expect((await sent(world)).map(({ id }) => id)).toEqual(['sales/r1/1/extract']);
  });

  test('of a step that had committed and died settles its success instead, without a letter', async () => {
    const world = memoryWorld();
    const { manifest } = await attempt(world, { step: extract }, () => 1);
    await forget(world);
    expect(await record(world, { failure: { Error: 'Sandbox.Timedout', Cause: 'x' } })).toEqual({
      outcome: 'succeeded',
    });
    expect(await outcomeOf(world)).toMatchObject({ outcome: 'succeeded', manifest });
    expect(await letterOf(world)).toBeNull();
  });

  test('obeys a success that was settled before', async () => {
    const world = memoryWorld();
    await attempt(world, { step: extract }, () => 1);
    expect(await record(world)).toEqual({ outcome: 'succeeded' });
    expect(await letterOf(world)).toBeNull();
  });

  test('names the manifests of the dependencies, so that a replay can see what the step had seen', async () => {
    const world = memoryWorld();
    const { manifest } = await attempt(world, { step: extract }, () => 1);
    const step = aStep('join', { dependencies: ['extract', 'lost'], trigger_rule: 'all_done' });
    await record(world, { step: step });
    expect(await letterOf(world, 'join')).toMatchObject({ upstream_manifests: { extract: manifest } });
  });
});

describe('errors that are not failures', () => {
  test('Blocked settles blocked, never failed', async () => {
    const world = memoryWorld();
    await record(world);
    const join = aStep('join', { dependencies: ['extract'] });
    expect(await record(world, { step: join, failure: { Error: 'Blocked' } })).toEqual({ outcome: 'blocked' });
    expect(await outcomeOf(world, 'join')).toMatchObject({ outcome: 'blocked', causes: ['extract'], attempts: 0 });
    expect(await letterOf(world, 'join')).toBeNull();
  });

  test('Settled gives the letter of the settled failure again', async () => {
    const world = memoryWorld();
    const first = await record(world);
    expect(await record(world, { failure: { Error: 'Settled', Cause: 'x' } })).toEqual(first);
  });

  test.each(['Settled', 'Blocked'])(
    '%s without an outcome is a fault of the platform, not a failure of the step',
    async (name) => {
      const world = memoryWorld();
      expect(await errorOf(record(world, { failure: { Error: name } }))).toMatchObject({
        name: 'PlatformError',
      });
      expect(await outcomeOf(world)).toBeNull();
    },
  );
});

describe('what a dead letter says', () => {
  test.each([
    [
      { Error: 'Sandbox.Timedout', Cause: 'plain text' },
      { error: 'Sandbox.Timedout', cause: 'plain text' },
    ],
    [
      { Error: 'X', Cause: '"a JSON text"' },
      { error: 'X', cause: '"a JSON text"' },
    ],
    [{ Error: 'X' }, { error: 'X', cause: '' }],
    [{ Cause: '{"other":1}' }, { error: 'Error', cause: '{"other":1}' }],
    [
      { Error: 'X', Cause: `{"errorMessage":"${'m'.repeat(9000)}"}` },
      { error: 'X', cause: `${'m'.repeat(8192)}… (cut)` },
    ],
  ])('of %j', async (failure, expected) => {
    const world = memoryWorld();
    await record(world, { failure });
    expect((await letterOf(world))?.failure).toEqual(expected);
  });

  test('is whole in the store, while a large input does not travel in the message', async () => {
    const world = memoryWorld();
    const input = { big: 'x'.repeat(200_000) };
    await record(world, { run: aRun({ input }) });
    expect(await letterOf(world)).toMatchObject({ input });
    const [message] = await sent(world);
    expect(message).toMatchObject({ id: 'sales/r1/1/extract', input_in: 'sales/runs/r1/executions/1.json' });
    expect(message).not.toHaveProperty('input');
  });
});
