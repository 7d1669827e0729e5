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
import type { Manifest, StepProgress } from '../../lib/contract/records.ts';
import { FolderObjectStore } from '../../lib/ports/folder/folder-object-store.ts';
import { defineStep } from '../../lib/runtime/index.ts';
import { aRun, aStart, aStep, coreOf, errorOf, stored } from './fixtures.ts';

let folder = '';
const context = {
  awsRequestId: 'request-1',
  logGroupName: '/aws/lambda/extract',
  logStreamName: 'stream',
  getRemainingTimeInMillis: () => 60_000,
};
const handler = defineStep((step) => ({ attempt: step.attempt, aborted: step.signal.aborted }));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybreak-'));
  vi.stubEnv('DAYBREAK_STORE', pathToFileURL(folder).href);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe('functions as Lambda calls them', () => {
  test('take a run from its start to its end, with the ports that the environment names', async () => {
    const store = new FolderObjectStore(folder);
    const started = await prepare(aStart({ input: { daybreak: { run_id: 'r1' } } }));
    const run = 'run' in started ? started.run : aRun();
    const { manifest } = await handler({ run, step: aStep('extract'), attempt: 1 }, context);
    const { result, invocation } = (await stored<Manifest>(store, manifest ?? '')) ?? {};
    expect(result).toEqual({ attempt: 1, aborted: false });
    expect(invocation).toMatch(/^request-1-[0-9a-f]{8}$/);
    expect(await stored<StepProgress>(store, 'sales/runs/r1/steps/extract/progress.json')).toMatchObject({
      logs: { group: '/aws/lambda/extract', stream: 'stream' },
    });
    expect(await finalize({ run, redrive_count: 0, steps: [{ name: 'extract' }] })).toMatchObject({ again: false });
  });

  test('a failure is recorded', async () => {
    const payload = {
      run: aRun({ run_id: 'r2' }),
      step: coreOf(aStep('extract')),
      failure: { Error: 'X' },
      attempts: 1,
    };
    expect(await recordFailure(payload)).toMatchObject({
      outcome: 'failed',
      dead_letter: { id: 'sales/r2/1/extract' },
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
    vi.stubEnv('DAYBREAK_PIPELINE', 'sales');
    expect((await errorOf(reconcile({}))).message).toContain('DAYBREAK_QUEUE_URL');
  });
});
