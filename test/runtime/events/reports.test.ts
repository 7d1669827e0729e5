import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { PermanentError, PlatformError, RetryableError } from '../../../lib/contract/errors.ts';
import { type DaybreakEvent, envelope, parseEventDocument } from '../../../lib/contract/events/event.ts';
import { eventTypes } from '../../../lib/contract/events/event-types.ts';
import type { Events } from '../../../lib/ports/ports.ts';
import { finalize } from '../../../lib/runtime/execution/finalize.ts';
import { prepare } from '../../../lib/runtime/execution/prepare.ts';
import { reconcile } from '../../../lib/runtime/execution/reconcile.ts';
import { recordFailure } from '../../../lib/runtime/execution/record-failure.ts';
import { aRun, aStart, aStep, attempt, errorOf, memoryWorld, type World } from '../fixtures.ts';

const extract = aStep('extract', { severity: 'critical' });
const typesOf = (world: World): string[] => world.events.sent.map(({ type }) => type);
const failing = () => {
  throw new PermanentError('the CRM has no such table');
};
const record = (world: World, failure = { Error: 'PermanentError', Cause: 'the CRM has no such table' }) =>
  recordFailure({ run: aRun(), step: extract, failure, attempts: 1 }, world);
const end = (world: World) =>
  finalize({ run: aRun(), redrive_count: 0, steps: [{ name: 'extract', severity: 'critical' }] }, world);

/** Every event has exactly the fields of its type. */
function checkForms(events: readonly DaybreakEvent[]): void {
  for (const event of events) {
    expect(parseEventDocument(event)).toEqual(event);
    expect(Object.keys(event).sort()).toEqual([...Object.keys(envelope), 'detail', 'type'].sort());
    const { shape } = eventTypes[event.type].detail as unknown as { readonly shape: object };
    expect(Object.keys(event.detail).sort()).toEqual(Object.keys(shape).sort());
    expect(z.iso.datetime().safeParse(event.time).success).toBe(true);
  }
}

describe('reports of a step', () => {
  test('a success is reported with its start, after it is settled, and without a row', async () => {
    const world = memoryWorld();
    await attempt(world, { step: extract }, async (step) => {
      await step.write('orders', [{ id: 1 }, { id: 2 }], { columns: { id: 'BIGINT' } });
      return 7;
    });
    checkForms(world.events.sent);
    expect(world.events.sent).toEqual([
      expect.objectContaining({
        id: 'step.started/sales/r1/1/extract',
        type: 'step.started',
        attempt: 1,
        severity: 'info',
      }),
      {
        version: 1,
        id: 'step.completed/sales/r1/1/extract',
        type: 'step.completed',
        time: '2026-02-01T01:00:00.000Z',
        severity: 'info',
        pipeline: 'sales',
        run_id: 'r1',
        execution: 1,
        step: 'extract',
        attempt: 1,
        cause: null,
        detail: {
          started_at: '2026-02-01T01:00:00.000Z',
          ended_at: '2026-02-01T01:00:00.000Z',
          attempts: 1,
          datasets: { orders: { rows: 2, bytes: expect.any(Number) } },
          files: 0,
        },
      },
    ]);
  });

  test('a second attempt that finds the outcome settled reports the same again', async () => {
    const world = memoryWorld();
    await attempt(world, { step: extract }, () => 7);
    const first = world.events.sent.splice(0);
    await attempt(world, { step: extract, attempt: 2 }, () => 8);
    expect(world.events.sent).toEqual(first);
  });

  test('a failure that another attempt follows is a retry, and no failure', async () => {
    const world = memoryWorld();
    const busy = () => {
      throw new RetryableError('busy', { retryAfter: 90 });
    };
    await errorOf(attempt(world, { step: extract }, busy));
    checkForms(world.events.sent);
    expect(world.events.sent).toMatchObject([
      {
        id: 'step.retrying/sales/r1/1/extract/1',
        severity: 'info',
        cause: { error: 'RetryableError', text: 'busy' },
        detail: { kind: 'rested', delay_seconds: 90 },
      },
    ]);
  });

  test('neither a permanent error nor the last attempt is a retry', async () => {
    const world = memoryWorld();
    await errorOf(attempt(world, { step: extract }, failing));
    const single = aStep('extract', { budgets: { step: 1, time_out: 1, platform: 1 } });
    await errorOf(attempt(world, { step: single }, () => Promise.reject(new Error('no'))));
    expect(typesOf(world)).toEqual([]);
  });

  test('a failure has the severity of the step, its cause, its letter and the command that resumes', async () => {
    const world = memoryWorld();
    await record(world);
    checkForms(world.events.sent);
    expect(world.events.sent).toMatchObject([
      {
        id: 'step.failed/sales/r1/1/extract',
        severity: 'critical',
        cause: { error: 'PermanentError', text: 'the CRM has no such table' },
        detail: { dead_letter: 'sales/r1/1/extract', resume: 'npx daybreak resume sales r1' },
      },
    ]);
  });

  test('a step that runs for a minute is reported in the middle, with its progress', async () => {
    const world = memoryWorld();
    await attempt(world, { step: extract }, async (step) => {
      await step.progress(1, 10);
      world.clock.pass(59_000);
      await step.progress(2, 10);
      expect(typesOf(world)).toEqual([]);
      world.clock.pass(2_000);
      await step.progress(3, 10);
      world.clock.pass(60_000);
      await step.progress(4, 10, 'four');
      return null;
    });
    checkForms(world.events.sent);
    const progress = world.events.sent.filter(({ type }) => type === 'step.progress');
    expect(progress.map(({ time, detail }) => [time, detail])).toEqual([
      ['2026-02-01T01:01:01.000Z', { done: 2, total: 10, message: null }],
      ['2026-02-01T01:02:01.000Z', { done: 4, total: 10, message: 'four' }],
    ]);
    const starts = world.events.sent.filter(({ type }) => type === 'step.started');
    expect(new Set(starts.map(({ id }) => id)).size).toBe(1);
  });
});

describe('reports of a run', () => {
  test('Prepare reports the start, and a repeated call the same', async () => {
    const world = memoryWorld();
    await prepare(aStart(), world);
    const [first] = world.events.sent;
    await prepare(aStart(), world);
    checkForms(world.events.sent);
    expect(world.events.sent).toEqual([first, first]);
    expect(first).toMatchObject({ type: 'run.started', execution: 1, detail: { version: '1.0.0', redrive_count: 0 } });
  });

  test('a start that Prepare refuses is reported as skipped, with the reason', async () => {
    const world = memoryWorld();
    const input = { daybreak: { run_id: 'r1' } };
    await prepare(aStart({ input }), world);
    world.executions.set('arn:1', 'RUNNING');
    await prepare(aStart({ input, arn: 'arn:2' }), world);
    checkForms(world.events.sent);
    expect(world.events.sent.at(-1)).toMatchObject({
      id: 'run.skipped/sales/r1/name-of-arn-2',
      execution: null,
      detail: { reason: 'run r1 is being worked on by arn:1', execution_name: 'name-of-arn-2' },
    });
  });

  test('Finalize reports a failed run with its failed steps, and Reconcile reports the same', async () => {
    const world = memoryWorld();
    await record(world);
    world.events.sent.length = 0;
    await errorOf(end(world));
    checkForms(world.events.sent);
    expect(world.events.sent).toMatchObject([
      { id: 'step.failed/sales/r1/1/extract', severity: 'critical' },
      {
        id: 'run.failed/sales/r1/1',
        severity: 'critical',
        cause: { error: 'PipelineFailed' },
        detail: {
          steps: { failed: 1 },
          failed: [
            { step: 'extract', error: 'PermanentError', severity: 'critical', failed_at: '2026-02-01T01:00:00.000Z' },
          ],
          blocked: [],
          resume: 'npx daybreak resume sales r1',
        },
      },
    ]);
    const first = world.events.sent.splice(0);
    await prepare(aStart({ input: { daybreak: { run_id: 'r1' } } }), world);
    world.events.sent.length = 0;
    const detail = {
      executionArn: 'arn:1',
      name: 'name-of-arn-1',
      status: 'FAILED' as const,
      startDate: Date.parse('2026-02-01T01:00:00.000Z'),
      input: '{"daybreak":{"run_id":"r1"}}',
    };
    await reconcile({ pipeline: 'sales', detail }, world);
    expect(world.events.sent).toEqual(first);
  });

  test('an execution that a person stopped is reported as stopped, not as failed', async () => {
    const world = memoryWorld();
    const detail = { executionArn: 'arn:9', name: 'x', status: 'ABORTED' as const, startDate: 0 };
    await reconcile({ pipeline: 'sales', detail }, world);
    checkForms(world.events.sent);
    expect(world.events.sent).toMatchObject([{ type: 'run.stopped', severity: 'low', cause: { error: 'Aborted' } }]);
  });
});

describe('a report that cannot be made', () => {
  const deaf = (send: Events['send']): World =>
    ({ ...memoryWorld(), events: { open: async () => undefined, send } }) as unknown as World;

  test('fails no step: the log says what was lost', async () => {
    const lines: string[] = [];
    const world = deaf(() => Promise.reject(new PlatformError('the bus does not answer')));
    const answer = await attempt(world, { step: extract }, () => 7, { writeLine: (line) => lines.push(line) });
    expect(answer.outcome).toBe('succeeded');
    expect(lines.join()).toMatch(/events were not reported.*the bus does not answer/);
  });

  test('is given up after two seconds', async () => {
    const lines: string[] = [];
    const world: World = deaf(() => {
      setImmediate(() => world.clock.pass(2_000));
      return new Promise(() => undefined);
    });
    const answer = await attempt(world, { step: extract }, () => 7, { writeLine: (line) => lines.push(line) });
    expect(answer.outcome).toBe('succeeded');
    expect(lines.join()).toContain('no answer within 2000 ms');
  });
});
