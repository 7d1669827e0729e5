import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { handler as finalize } from '../../lambdas/platform/finalize.ts';
import { handler as prepare } from '../../lambdas/platform/prepare.ts';
import { handler as reconcile } from '../../lambdas/platform/reconcile.ts';
import { handler as recordFailure } from '../../lambdas/platform/record-failure.ts';
import { handler as wait } from '../../lambdas/platform/wait.ts';
import type { StepEvent } from '../../lib/contract/payloads.ts';
import type { Manifest } from '../../lib/contract/records/manifest.ts';
import type { StepProgress } from '../../lib/contract/records/progress.ts';
import { attemptOf } from '../../lib/contract/resolve-event.ts';
import { tryAgainText } from '../../lib/contract/try-again.ts';
import { FolderDeadLetterQueue } from '../../lib/ports/folder/folder-dead-letter-queue.ts';
import { FolderObjectStore } from '../../lib/ports/folder/folder-object-store.ts';
import { SystemClock } from '../../lib/ports/system-clock.ts';
import { withQueue } from '../../lib/runtime/execution/platform-handler.ts';
import { defineStep } from '../../lib/runtime/index.ts';
import { aRun, aStep, errorOf, memoryWorld, stored } from './fixtures.ts';

let folder = '';
const context = {
  awsRequestId: 'request-1',
  logGroupName: '/aws/lambda/extract',
  logStreamName: 'stream',
  getRemainingTimeInMillis: () => 60_000,
};
/** The cause that Lambda makes of the error by which an attempt asks for a delay. */
const lambdaCause = (attempt: number) =>
  JSON.stringify({
    errorType: 'TryAgain',
    errorMessage: tryAgainText({ seconds: 30, attempt, entry: 1 }, 'RetryableError: again after 5 s'),
    trace: [],
  });
const handler = defineStep((step) => ({ attempt: step.attempt, aborted: step.signal.aborted }));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybreak-'));
  vi.stubEnv('DAYBREAK_STORE', pathToFileURL(folder).href);
  vi.stubEnv('DAYBREAK_QUEUE_URL', pathToFileURL(join(folder, '.queue')).href);
  vi.stubEnv('DAYBREAK_PLAN', JSON.stringify({ extract: aStep('extract') }));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe('functions as Lambda calls them', () => {
  test('take a run from its start to its end, with the ports that the environment names', async () => {
    const store = new FolderObjectStore(folder);
    const started = await prepare({
      execution: {
        Id: 'arn:1',
        Name: 'name-1',
        StartTime: '2026-02-01T01:00:00.000Z',
        Input: { daybreak: { run_id: 'r1' } },
      },
      pipeline: { name: 'sales', version: '1.0.0' },
    });
    const run = 'run' in started ? started.run : aRun();
    const { manifest } = await handler({ run, state: { Name: 'extract', RetryCount: 1 }, input: {} }, context);
    const { result, invocation } = (await stored<Manifest>(store, manifest ?? '')) ?? {};
    expect(result).toEqual({ attempt: 2, aborted: false });
    expect(invocation).toMatch(/^request-1-[0-9a-f]{8}$/);
    expect(await stored<StepProgress>(store, 'sales/runs/r1/steps/extract/progress.json')).toMatchObject({
      logs: { group: '/aws/lambda/extract', stream: 'stream' },
    });
    expect(await finalize({ run, redrive_count: 0, steps: { extract: [] } })).toMatchObject({ again: false });
  });

  test('a failure is recorded', async () => {
    const run = aRun({ run_id: 'r2' });
    const event = { run, state: { Name: 'extract', RetryCount: 2 }, input: {}, failure: { Error: 'X' } };
    expect(await recordFailure(event)).toEqual({ outcome: 'failed' });
    const store = new FolderObjectStore(folder);
    expect(await stored(store, 'sales/runs/r2/executions/1/dead-letters/extract.json')).toMatchObject({ attempts: 3 });
    const queue = new FolderDeadLetterQueue(join(folder, '.queue'), new SystemClock());
    const [message] = await queue.receive(10, 30);
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ id: 'sales/r2/1/extract' });
  });

  test('a step that the function does not know is an error that names those it does', async () => {
    const error = await errorOf(handler({ run: aRun(), state: { Name: 'load' }, input: {} }, context));
    expect(error).toMatchObject({
      name: 'PermanentError',
      message: 'this function does not know the step "load": its plan.json has extract',
    });
  });

  test.each([
    ['the first attempt', {}, 0, 1],
    ['a retry', {}, 2, 3],
    ['an attempt after a delay', { Error: 'TryAgain', Cause: lambdaCause(3) }, 0, 4],
    ['a retry after a delay', { Error: 'TryAgain', Cause: lambdaCause(3) }, 2, 6],
    ['an attempt that continues after a yield', { yielded: { attempt: 2 } }, 0, 2],
    ['a retry after a yield', { yielded: { attempt: 2 } }, 1, 3],
  ])('the state tells %s', (_, input, retries, attempt) => {
    expect(attemptOf({ input: input as StepEvent['input'], state: { Name: 'a', RetryCount: retries } })).toBe(attempt);
  });

  test('a handler that names its steps runs for them, and for no other', async () => {
    const named = defineStep(['sales.load', 'sales.extract'], (step) => step.name);
    const event = { run: aRun({ run_id: 'r3' }), state: { Name: 'extract', RetryCount: 0 }, input: {} };
    expect(await named(event, context)).toMatchObject({ outcome: 'succeeded' });
    const error = await errorOf(defineStep('sales.load', () => 1)(event, context));
    expect(error).toMatchObject({
      name: 'PermanentError',
      message: `this is the step "sales.extract", but its handler is made by defineStep for "sales.load"; add the name there, as in defineStep(['sales.extract', ...], ...)`,
    });
  });

  test('a step carries its function, so that a test can call it', () => {
    expect(handler.stepFunction({ attempt: 7, signal: AbortSignal.abort() } as never)).toEqual({
      attempt: 7,
      aborted: true,
    });
  });
});

describe('an event that is not what a function takes', () => {
  const bad = { run: { ...aRun(), execution: '1' }, surprise: true };
  test.each([
    ['a step', (event: unknown) => handler(event, context)],
    ['prepare', prepare],
    ['wait', wait],
    ['record-failure', recordFailure],
    ['finalize', finalize],
  ])('is refused by %s with the name of each field, for good', async (name, call) => {
    const error = await errorOf(Promise.resolve(call(bad)));
    expect(error).toMatchObject({ name: 'PermanentError' });
    expect(error.message).toContain('the event is not what this function takes');
    expect(error.message).toContain('surprise');
    if (name !== 'prepare') expect(error.message).toContain('- run.execution: ');
  });

  test('is refused by reconcile, and so is a missing setting', async () => {
    expect((await errorOf(reconcile({}))).message).toContain('DAYBREAK_PIPELINE');
    const { queue: _, ...ports } = memoryWorld();
    expect(() => withQueue(ports)).toThrow('DAYBREAK_QUEUE_URL');
  });
});
