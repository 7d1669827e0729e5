import { describe, expect, test } from 'vitest';
import { parseScenario } from '../../../lib/offline/simulate/scenario.ts';
import { simulate } from '../../../lib/offline/simulate/simulate.ts';
import { compiled } from '../../support/compiled.ts';

const minute = 60_000;

const pipeline = (keys: string) => `
name: p
version: 1.0.0
steps:
  - name: extract
    handler: { callable: extract }
    ${keys}
  - name: load
    handler: { callable: load }
    dependencies: [extract]
`;

const play = async (keys: string, extract: object) => {
  const { plan, machine } = compiled(pipeline(keys));
  return simulate(plan, machine, parseScenario({ steps: { extract } } as never, ['extract', 'load']));
};

describe('a simulated long step', () => {
  test('of 45 minutes ends in 4 invocations of one attempt', async () => {
    const report = await play('timeout: 60m', { duration_ms: 45 * minute });
    expect(report.steps.extract).toMatchObject({
      outcome: 'succeeded',
      attempts: 1,
      invocations: 4,
      started_ms: 0,
      ended_ms: 45 * minute,
    });
    expect(report.steps.load).toMatchObject({ outcome: 'succeeded', invocations: 1, started_ms: 45 * minute });
    // Prepare, its Choice; four times the Task and its Choice; the other Task; Finalize, its Choice, Succeed.
    expect(report.transitions).toBe(14);
  });

  test('that is killed in its third invocation goes on from the checkpoint of the second', async () => {
    const keys = 'timeout: 60m\n    retry: { max_attempts: 2, initial_delay: 1, jitter: none }';
    const report = await play(keys, { duration_ms: [40 * minute, 45 * minute], attempts: ['crash'] });
    // 29 minutes are in the checkpoint, so 11 are repeated: 40 + 1 s + 16.
    expect(report.steps.extract).toMatchObject({ outcome: 'succeeded', attempts: 2, invocations: 5 });
    expect(report.steps.extract?.ended_ms).toBe(56 * minute + 1000);
  });

  test('has one time-out for all invocations of an attempt', async () => {
    const report = await play('timeout: 40m\n    retry: { max_attempts: 1 }', { duration_ms: 45 * minute });
    expect(report.steps.extract).toMatchObject({ outcome: 'failed', attempts: 1, invocations: 3 });
    expect(report.steps.extract?.ended_ms).toBe(40 * minute);
    expect(report.dead_letters[0]?.failure).toEqual({
      error: 'StepTimedOut',
      cause: "attempt 1 has used up the step's time-out of 2400 s in 3 invocations",
    });
  });

  test('counts its attempts over all invocations, though its retriers begin again after each yield', async () => {
    const report = await play('timeout: 60m\n    retry: { max_attempts: 3, initial_delay: 1, jitter: none }', {
      duration_ms: [1 * minute, 20 * minute, 40 * minute, 45 * minute],
      attempts: ['fail', 'crash', 'fail'],
    });
    expect(report.steps.extract).toMatchObject({ outcome: 'failed', attempts: 3 });
    expect(report.dead_letters[0]).toMatchObject({ attempts: 3, failure: { error: 'RetryableError' } });
  });

  test('counts its time-outs over all invocations', async () => {
    const keys = 'timeout: 20m\n    retry: { max_attempts: 5, timeout_attempts: 2, initial_delay: 1, jitter: none }';
    const report = await play(keys, { duration_ms: 90 * minute });
    expect(report.steps.extract).toMatchObject({ outcome: 'failed', attempts: 2, invocations: 4 });
    expect(report.dead_letters[0]?.failure.error).toBe('StepTimedOut');
  });

  test('with a time-out of 15 minutes does not yield', async () => {
    const report = await play('timeout: 15m\n    retry: { max_attempts: 1 }', { duration_ms: 16 * minute });
    expect(report.steps.extract).toMatchObject({ outcome: 'failed', attempts: 1, invocations: 1 });
    expect(report.dead_letters[0]?.failure.error).toBe('Sandbox.Timedout');
  });
});
