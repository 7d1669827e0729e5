import { expect, test } from 'vitest';
import { executionKey } from '../../../lib/contract/object-keys.ts';
import { RunRefusedError } from '../../../lib/operate/runs/run-refused-error.ts';
import { unrecordedReport, unrecordedRun } from '../../../lib/operate/runs/unrecorded-run.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import type { ExecutionFacts, StateMachine } from '../../../lib/ports/ports.ts';

const run = { pipeline: 'orders', run_id: 'night-1' };
const execution_arn = 'arn:aws:states:eu-central-1:000000000000:execution:orders:night-1';
const started_at = '2026-01-31T01:00:00.000Z';
const running: ExecutionFacts = {
  status: 'RUNNING',
  started_at,
  ended_at: null,
  output: null,
  error: null,
  cause: null,
};

const machineWith = (facts: ExecutionFacts | null, onDescribe = async () => {}): StateMachine => ({
  arn: 'arn:aws:states:eu-central-1:000000000000:stateMachine:orders',
  start: async () => null,
  describe: async (arn) => {
    await onDescribe();
    return arn === execution_arn ? facts : null;
  },
  stop: async () => undefined,
  definition: async () => '{}',
});

test('a run that has started counts before Prepare has written its record', async () => {
  const store = new MemoryObjectStore();
  const started = await unrecordedRun(run, { machine: machineWith(running), store });
  expect(started).toEqual({ run_id: 'night-1', execution_arn, started_at });
  if (!started) throw new Error('there is no run');
  expect(unrecordedReport(started, { name: 'orders', steps: ['a'], store: store.url })).toMatchObject({
    pipeline: 'orders',
    run_id: 'night-1',
    status: 'RUNNING',
    started_at,
    steps: [{ step: 'a', outcome: 'pending', attempts: 0 }],
  });
});

test('a run that Prepare has refused, or whose execution died before it, gives the reason', async () => {
  const store = new MemoryObjectStore();
  const refused = { ...running, status: 'SUCCEEDED' as const, output: '{"refused":"another run works"}' };
  await expect(unrecordedRun(run, { machine: machineWith(refused), store })).rejects.toThrow(
    new RunRefusedError('another run works'),
  );
  const died = { ...running, status: 'ABORTED' as const };
  await expect(unrecordedRun(run, { machine: machineWith(died), store })).rejects.toThrow(
    /the execution ended ABORTED before it began/,
  );
});

test('a run that no execution began, or that has a record, is not one of these', async () => {
  const store = new MemoryObjectStore();
  expect(await unrecordedRun(run, { machine: machineWith(null), store })).toBeNull();
  const ended = { ...running, status: 'SUCCEEDED' as const, output: '{}' };
  // Prepare writes the record while the command asks Step Functions.
  const write = async () => void (await store.put(executionKey({ ...run, execution: 1 }), '{}'));
  expect(await unrecordedRun(run, { machine: machineWith(ended, write), store })).toBeNull();
  expect(await unrecordedRun(run, { machine: machineWith(ended), store })).toBeNull();
});
