/** The requests that one execution of a graph sends to the store, counted by what they are for. */
import type { DaybreakEvent } from '../../../lib/contract/events/event.ts';
import type { JsonObject } from '../../../lib/contract/json.ts';
import { stepEvent } from '../../../lib/contract/payloads.ts';
import { resolveStep } from '../../../lib/contract/resolve-event.ts';
import type { StepSpec } from '../../../lib/contract/step-spec.ts';
import { VirtualClock } from '../../../lib/offline/asl/virtual-clock.ts';
import { asLambdaAnswers } from '../../../lib/offline/host/as-lambda-answers.ts';
import { hostedMachine } from '../../../lib/offline/host/hosted-machine.ts';
import { platformInProcess } from '../../../lib/offline/host/platform-in-process.ts';
import { startOnHost } from '../../../lib/offline/host/start-on-host.ts';
import { MemoryDeadLetterQueue } from '../../../lib/ports/memory/memory-dead-letter-queue.ts';
import { MemoryExecutions } from '../../../lib/ports/memory/memory-executions.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import { MemoryTaskTokens } from '../../../lib/ports/memory/memory-task-tokens.ts';
import type { Events, ObjectStore } from '../../../lib/ports/ports.ts';
import type { SystemClock } from '../../../lib/ports/system-clock.ts';
import { runStep } from '../../../lib/runtime/attempt/run-step.ts';
import { compiled } from '../../support/compiled.ts';
import { type Dependencies, yamlOf } from '../../support/graphs.ts';

/** Milliseconds that the store takes for each request; no other work takes time. */
const latency = 25;

export interface Counted {
  readonly steps: number;
  /** State transitions, as AWS bills them. */
  readonly transitions: number;
  /** Invocations by function; all steps are `Step`. */
  readonly invocations: Readonly<Record<string, number>>;
  /** The time of all invocations of a function, in seconds of the clock. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Steps that wait, and the steps that each awaits. */
  readonly waits: number;
  readonly awaited: number;
  readonly requests: number;
  /** By function and kind of record: `step get outcomes`. */
  readonly by: Readonly<Record<string, number>>;
  /** Of each invocation of a step's function: requests that follow each other. */
  readonly rounds: readonly number[];
  /** By function: for each request to the bus, the types of its events. */
  readonly reports: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** The events themselves. */
  readonly sent: readonly DaybreakEvent[];
}

/** Runs a graph once, without a fault, with handlers that read the result of every dependency. */
export function countRequests(dependencies: Dependencies): Promise<Counted> {
  return countRun(compiled(yamlOf(dependencies)), {
    input: {},
    clock: new VirtualClock(),
    latency,
    handlerOf:
      ({ dependencies: before }) =>
      (step) =>
        before.map((name) => step.result(name)).length,
  });
}

interface CountedRun {
  readonly input: JsonObject;
  /** Handlers with real work need a clock that goes on by itself. */
  readonly clock: VirtualClock | SystemClock;
  /** Milliseconds that the store takes for each request. */
  readonly latency: number;
  readonly handlerOf: (step: StepSpec) => Parameters<typeof runStep>[1]['handler'];
}

/** Runs a compiled pipeline once, without a fault. */
export async function countRun(
  { plan, machine }: ReturnType<typeof compiled>,
  { input, clock, latency: takes, handlerOf }: CountedRun,
): Promise<Counted> {
  const invocations: Record<string, number> = {};
  const sent: DaybreakEvent[] = [];
  const seconds: Record<string, number> = {};
  const objects = new MemoryObjectStore();
  const by: Record<string, number> = {};
  const rounds: number[] = [];
  const reports: Record<string, string[][]> = {};
  const eventsOf = (who: string): Events => ({
    open: async () => undefined,
    send: async (events) => {
      sent.push(...events);
      reports[who] = [...(reports[who] ?? []), events.map(({ type }) => type)];
    },
  });
  const countedFor = (who: string): ObjectStore =>
    new Proxy(objects, {
      get(target, name: keyof MemoryObjectStore) {
        const member = target[name];
        if (typeof member !== 'function') return member;
        return async (key: string, ...rest: unknown[]) => {
          const what = `${who} ${name} ${kindOf(key)}`;
          by[what] = (by[what] ?? 0) + 1;
          if (takes > 0) await clock.sleep(takes);
          return (member as (...args: unknown[]) => unknown).call(target, key, ...rest);
        };
      },
    });
  const tokens = new MemoryTaskTokens((token, output) => execution.succeedTask(token, JSON.parse(output)));
  const shared = { clock, executions: new MemoryExecutions(), tokens, queue: new MemoryDeadLetterQueue(clock) };
  const execution = startOnHost(
    hostedMachine(machine.definition),
    { arn: 'arn:counted', name: 'counted', input, startedAt: clock.now() },
    {
      clock,
      random: () => 0,
      invoke: (fn, event) => {
        const platform = platformInProcess[fn];
        const who = platform ? fn : 'Step';
        invocations[who] = (invocations[who] ?? 0) + 1;
        const ports = { ...shared, store: countedFor(who), events: eventsOf(who) };
        const began = clock.now();
        const ended = (): void => {
          seconds[who] = (seconds[who] ?? 0) + (clock.now() - began) / 1000;
        };
        if (platform) return asLambdaAnswers(platform(event, ports, machine.steps).finally(ended));
        const payload = resolveStep(stepEvent.parse(event), machine.steps);
        const attempt = runStep(payload, {
          ports,
          invocationId: `counted-${payload.step.name}`,
          handler: handlerOf(payload.step),
          writeLine: () => undefined,
        });
        return asLambdaAnswers(attempt.finally(() => rounds.push((clock.now() - began) / takes)));
      },
    },
  );
  const { status, cause, transitions } = await ('run' in clock ? clock.run(execution.result) : execution.result);
  if (status !== 'SUCCEEDED') throw new Error(`${status}: ${cause}`);
  const requests = Object.values(by).reduce((sum, count) => sum + count, 0);
  const waits = plan.steps.filter(({ awaits }) => awaits.length > 0).length;
  const awaited = plan.steps.flatMap(({ awaits }) => awaits).length;
  return {
    steps: plan.steps.length,
    transitions,
    invocations,
    seconds,
    waits,
    awaited,
    requests,
    by,
    rounds,
    reports,
    sent,
  };
}

function kindOf(key: string): string {
  const [, found = 'execution'] =
    /\/(leases|outcomes|waits|attempts|manifests)\/|\/(?:end|run|progress|checkpoint)\.json$/.exec(key) ?? [];
  if (key.includes('/index/')) return 'index';
  if (key.includes('/data/')) return 'data';
  if (key.includes('/once/')) return 'once';
  if (key.endsWith('/history.json')) return 'history';
  return /(end|run|progress|checkpoint)\.json$/.exec(key)?.[1] ?? found;
}
