import { expect, test } from 'vitest';
import { deadLetterKey, executionEndKey } from '../../../lib/contract/object-keys.ts';
import { VirtualClock } from '../../../lib/offline/asl/virtual-clock.ts';
import { stopExecution } from '../../../lib/operate/runs/stop-execution.ts';
import { MemoryDeadLetterQueue } from '../../../lib/ports/memory/memory-dead-letter-queue.ts';
import { MemoryEvents } from '../../../lib/ports/memory/memory-events.ts';
import type { StateMachine } from '../../../lib/ports/ports.ts';
import { reconcile } from '../../../lib/runtime/execution/reconcile.ts';
import { readJson } from '../../../lib/runtime/records/json-objects.ts';
import { arnOf, Records, run } from '../records.ts';

const queuedArn = 'arn:aws:states:eu-central-1:000000000000:execution:demo:r1';
const startedAt = '2026-01-31T01:00:00.000Z';

/** A run on AWS; `events` says whether EventBridge reports the stop to Reconcile, `redrive` which redrive the execution is in. */
function world({ events = true, redrive = 0, begun = false } = {}) {
  const records = new Records();
  const clock = new VirtualClock();
  const told = new MemoryEvents();
  const stopped: [arn: string, cause: string | null][] = [];
  const machine: StateMachine = {
    arn: 'arn:aws:states:eu-central-1:000000000000:stateMachine:demo',
    start: async () => null,
    describe: async (arn) =>
      begun && arn === queuedArn
        ? { status: 'RUNNING', started_at: startedAt, ended_at: null, output: null, error: null, cause: null }
        : null,
    definition: async () => '{}',
    stop: async (arn, cause) => {
      stopped.push([arn, cause]);
      records.executions.set(arn, 'ABORTED');
      if (!events) return;
      const input = JSON.stringify({ daybreak: { run_id: run.run_id } });
      const detail = { executionArn: arn, name: 'r1', status: 'ABORTED', startDate: Date.parse(startedAt) } as const;
      const ports = { store: records.store, clock, events: told, queue: new MemoryDeadLetterQueue(clock) };
      // EventBridge is asynchronous.
      void clock
        .sleep(5_000)
        .then(() =>
          reconcile(
            { pipeline: 'demo', detail: { ...detail, input, redriveCount: redrive, ...(cause !== null && { cause }) } },
            ports,
          ),
        );
    },
  };
  const wait = { clock, everyMs: 1_000, mostMs: 60_000, signal: new AbortController().signal };
  const { store, executions } = records;
  const stop = (reason: string | null) => clock.run(stopExecution(run, reason, { machine, store, executions }, wait));
  return { records, clock, told, stopped, stop };
}

test('a run that works is stopped, and the stop waits for end, letter and event with the reason', async () => {
  const { records, told, stopped, stop } = world();
  await records.started();
  await records.execution(1, startedAt);
  records.executions.set(arnOf(1), 'RUNNING');
  expect(await stop('wrong day')).toBe('stopped');
  expect(stopped).toEqual([[arnOf(1), 'wrong day']]);
  const ref = { ...run, execution: 1 };
  expect(await readJson(records.store, executionEndKey(ref))).toMatchObject({
    status: 'ABORTED',
    failure: { error: 'Aborted', cause: 'wrong day' },
  });
  expect(await readJson(records.store, deadLetterKey(ref, '_execution'))).toMatchObject({
    failure: { error: 'Aborted', cause: 'wrong day' },
  });
  expect(told.sent.map(({ type }) => type)).toEqual(['run.stopped']);

  // The same command again.
  expect(await stop('wrong day')).toBe('idle');
  expect(stopped).toHaveLength(1);
});

test.each(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const)(
  'a run that has %s is left alone',
  async (status) => {
    const { records, stopped, stop } = world();
    await records.started();
    await records.execution(1, startedAt);
    await records.ended(1, status, '2026-01-31T01:10:00.000Z');
    records.executions.set(arnOf(1), status);
    expect(await stop(null)).toBe('idle');
    expect(stopped).toEqual([]);
  },
);

test('a run that Finalize has judged to be a success is left alone while its machine ends', async () => {
  const { records, stopped, stop } = world();
  await records.started();
  await records.execution(1, startedAt);
  await records.ended(1, 'SUCCEEDED', '2026-01-31T01:10:00.000Z');
  records.executions.set(arnOf(1), 'RUNNING');
  expect(await stop(null)).toBe('idle');
  expect(stopped).toEqual([]);
});

test('without the event of EventBridge the wait ends after a minute and reports that the end is not recorded', async () => {
  const { records, clock, stop } = world({ events: false });
  await records.started();
  await records.execution(1, startedAt);
  records.executions.set(arnOf(1), 'RUNNING');
  const before = clock.now();
  expect(await stop(null)).toBe('unrecorded');
  expect(clock.now() - before).toBe(60_000);
});

test('a redrive from the console, which works under the number of an ended execution, is stopped and gets its own end', async () => {
  const { records, stop } = world({ redrive: 1 });
  await records.started();
  await records.execution(1, startedAt);
  await records.ended(1, 'FAILED', '2026-01-31T01:10:00.000Z');
  records.executions.set(arnOf(1), 'RUNNING');
  expect(await stop('again')).toBe('stopped');
  expect(await readJson(records.store, executionEndKey({ ...run, execution: 2 }))).toMatchObject({
    status: 'ABORTED',
    failure: { cause: 'again' },
  });
});

test('a run that waits for its turn, and has no record yet, is stopped and gets an end', async () => {
  const { records, stopped, stop } = world({ begun: true });
  expect(await stop('not today')).toBe('stopped');
  expect(stopped).toEqual([[queuedArn, 'not today']]);
  expect(await readJson(records.store, executionEndKey({ ...run, execution: 1 }))).toMatchObject({ status: 'ABORTED' });
});
