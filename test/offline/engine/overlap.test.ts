import { describe, expect, test } from 'vitest';
import { planPipeline } from '../../../lib/compiler/plan/plan-pipeline.ts';
import { emitMachine } from '../../../lib/compiler/states/emit-machine.ts';
import type { OverlapTemplate } from '../../../lib/compiler/template/template.ts';
import type { Json, JsonObject } from '../../../lib/contract/json.ts';
import { stepEvent } from '../../../lib/contract/payloads.ts';
import { resolveStep } from '../../../lib/contract/resolve-event.ts';
import { VirtualClock } from '../../../lib/offline/asl/virtual-clock.ts';
import { asLambdaAnswers } from '../../../lib/offline/host/as-lambda-answers.ts';
import { hostedMachine } from '../../../lib/offline/host/hosted-machine.ts';
import { platformInProcess } from '../../../lib/offline/host/platform-in-process.ts';
import { startOnHost } from '../../../lib/offline/host/start-on-host.ts';
import { MemoryDeadLetterQueue } from '../../../lib/ports/memory/memory-dead-letter-queue.ts';
import { MemoryExecutions } from '../../../lib/ports/memory/memory-executions.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import { MemoryTaskTokens } from '../../../lib/ports/memory/memory-task-tokens.ts';
import { runStep } from '../../../lib/runtime/attempt/run-step.ts';
import { graphOf } from '../../support/graphs.ts';
import { templateOfGraph } from '../../support/templates.ts';

const minute = 60_000;

/** A start at a minute, with an input; it may be stopped from outside, so many minutes after its start. */
interface Start {
  readonly at: number;
  readonly input?: JsonObject;
  readonly stoppedAfter?: number;
}

interface Ended {
  readonly status: string;
  readonly error: string | undefined;
  readonly output: Json | undefined;
  /** Minutes from the beginning at which its step began and the execution ended; null when no step ran. */
  readonly worked: readonly [from: number, to: number] | null;
  readonly transitions: number;
}

/** Runs several executions of one machine of a single step, which takes 10 minutes, on one clock and one store. */
async function runAll(overlap: OverlapTemplate | null, starts: readonly Start[]): Promise<Ended[]> {
  const plan = planPipeline({ ...templateOfGraph([[]]), overlap }, graphOf([[]]));
  const machine = emitMachine(plan, () => 'c0de');
  const clock = new VirtualClock();
  const beginning = clock.now();
  const executions = new MemoryExecutions();
  const ports = {
    store: new MemoryObjectStore(),
    clock,
    executions,
    tokens: new MemoryTaskTokens(() => false),
    queue: new MemoryDeadLetterQueue(clock),
  };
  let invocations = 0;

  const run = async ({ at, input = {}, stoppedAfter }: Start, index: number): Promise<Ended> => {
    await clock.sleep(at * minute);
    const name = `r${index + 1}`;
    const arn = `arn:${name}`;
    const stop = new AbortController();
    executions.set(arn, 'RUNNING');
    if (stoppedAfter !== undefined)
      void clock.sleep(stoppedAfter * minute).then(() => stop.abort(new Error('stopped')));
    let begun: number | null = null;
    const invoke = async (fn: string, event: Json): Promise<unknown> => {
      const platform = platformInProcess[fn];
      if (platform) return platform(event, ports, machine.steps);
      begun = clock.now();
      invocations += 1;
      const invocationId = `i${invocations}`;
      const handler = () => clock.sleep(10 * minute).then(() => ({}));
      return runStep(resolveStep(stepEvent.parse(event), machine.steps), {
        ports,
        handler,
        invocationId,
        writeLine: () => undefined,
      });
    };
    const start = { arn, name, input, startedAt: clock.now(), signal: stop.signal };
    const result = await startOnHost(hostedMachine(machine.definition), start, {
      clock,
      random: () => 0,
      invoke: (fn, event) => asLambdaAnswers(invoke(fn, event)),
    }).result;
    executions.set(arn, result.status);
    const since = (time: number) => (time - beginning) / minute;
    const worked = begun === null ? null : ([since(begun), since(clock.now())] as const);
    return {
      status: result.status,
      error: result.error,
      output: result.output,
      worked,
      transitions: result.transitions,
    };
  };
  return clock.run(Promise.all(starts.map(run)));
}

const worked = (ended: readonly Ended[]) => ended.map((one) => one.worked);
const refused = (run: string) => ({
  refused: expect.stringMatching(`^run ${run} is active since .* one run at a time`),
});

describe('executions of one machine that are started while others run', () => {
  test('are skipped unless the template says otherwise, and say who is going', async () => {
    const [first, second, third] = await runAll(null, [{ at: 0 }, { at: 5 }, { at: 11 }]);
    expect([first?.worked, second?.worked, third?.worked]).toEqual([[0, 10], null, [11, 21]]);
    expect(second).toMatchObject({ status: 'SUCCEEDED', output: refused('r1') });
  });

  test('run one after the other where they queue', async () => {
    const ended = await runAll({ policy: 'queue', key: null }, [{ at: 0 }, { at: 1 }, { at: 2 }, { at: 3 }]);
    expect(ended.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
    const times = worked(ended)
      .map((one) => one ?? [Number.NaN, Number.NaN])
      .sort(([a], [b]) => a - b);
    for (const [index, [from]] of times.slice(1).entries()) {
      const before = times[index]?.[1] ?? Number.NaN;
      // A waiting execution asks every 44 seconds, since a run may take a day.
      expect(from - before).toBeGreaterThanOrEqual(0);
      expect(from - before).toBeLessThan(44 / 60);
    }
    expect(times).toHaveLength(4);
  });

  test('run side by side where overlap is allowed', async () => {
    expect(worked(await runAll({ policy: 'allow', key: null }, [{ at: 0 }, { at: 5 }]))).toEqual([
      [0, 10],
      [5, 15],
    ]);
  });

  test('run side by side when their keys differ, and only then', async () => {
    const eu = { region: 'eu' };
    const us = { region: 'us' };
    const [a, b, c] = await runAll({ policy: 'skip', key: 'region' }, [
      { at: 0, input: eu },
      { at: 1, input: us },
      { at: 2, input: eu },
    ]);
    expect([a?.worked, b?.worked, c?.worked]).toEqual([[0, 10], [1, 11], null]);
    expect(c?.output).toEqual({ refused: expect.stringContaining('for each region, here "eu"') });
  });

  test('take the place of one that was stopped in the middle', async () => {
    const [first, second] = await runAll({ policy: 'queue', key: null }, [{ at: 0, stoppedAfter: 4 }, { at: 1 }]);
    expect(first?.status).toBe('ABORTED');
    expect(second?.status).toBe('SUCCEEDED');
    expect(second?.worked?.[0]).toBeLessThan(4 + 44 / 60);
  });

  test.each(['skip', 'queue', 'allow'] as const)('work once for one scheduled time, with %s', async (policy) => {
    const input = { daybreak: { scheduled_time: '2026-02-01T01:00:00Z' } };
    const ended = await runAll({ policy, key: null }, [
      { at: 0, input },
      { at: 0, input },
      { at: 1, input },
      { at: 12, input },
    ]);
    expect(ended.filter((one) => one.worked !== null)).toHaveLength(1);
    expect(ended.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
  });

  test('that wait for a day leave most of the history for their steps', async () => {
    const [, second] = await runAll({ policy: 'queue', key: null }, [{ at: 0 }, { at: 1, stoppedAfter: 9 }]);
    // Three states per round.
    expect(second?.transitions).toBeLessThan((3 * (9 * 60)) / 44 + 4);
  });
});
