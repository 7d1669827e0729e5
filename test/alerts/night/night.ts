import { deliverAlerts } from '../../../lib/alerts/delivery/deliver-alerts.ts';
import type { AlertSettings, SecretLocation } from '../../../lib/contract/events/alert-settings.ts';
import type { DaybreakEvent } from '../../../lib/contract/events/event.ts';
import { stepEvent } from '../../../lib/contract/payloads.ts';
import { resolveStep } from '../../../lib/contract/resolve-event.ts';
import { VirtualClock } from '../../../lib/offline/asl/virtual-clock.ts';
import { asLambdaAnswers } from '../../../lib/offline/host/as-lambda-answers.ts';
import { hostedMachine } from '../../../lib/offline/host/hosted-machine.ts';
import { platformInProcess } from '../../../lib/offline/host/platform-in-process.ts';
import { startOnHost } from '../../../lib/offline/host/start-on-host.ts';
import { lookAtDeadlines } from '../../../lib/operate/deadlines/look-at-deadlines.ts';
import { MemoryDeadLetterQueue } from '../../../lib/ports/memory/memory-dead-letter-queue.ts';
import { MemoryExecutions } from '../../../lib/ports/memory/memory-executions.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import { MemoryTaskTokens } from '../../../lib/ports/memory/memory-task-tokens.ts';
import type { Events, ObjectStore } from '../../../lib/ports/ports.ts';
import { runStep } from '../../../lib/runtime/attempt/run-step.ts';
import { takeEvents } from '../../../lib/runtime/incidents/keep-incidents.ts';
import { compiled } from '../../support/compiled.ts';
import { randomFrom } from '../../support/graphs.ts';
import { attemptOf, hour, late, midnight, minute, pipelineNames, starts, templateOf } from './night-pipelines.ts';
import { NightVendors } from './vendors.ts';

const secret = (id: string): SecretLocation => ({ service: 'ssm', id: `/${id}` });

const slack = { kind: 'slack', token: secret('slack'), channel: '#data' } as const;

const settings: AlertSettings = {
  routes: {
    critical: [{ kind: 'pagerduty', routing_key: secret('pager'), region: 'us' }, slack],
    high: [slack],
    medium: [slack],
  },
  stakeholders: [],
  business_hours: { days: [1, 2, 3, 4, 5], from: 540, to: 1020, timezone: 'UTC', holidays: [] },
  escalate_after_ms: null,
};

/** A function whose process ends in the middle. */
class Killed extends Error {}

/** The outcome of a night. */
export interface Night {
  readonly store: ObjectStore;
  readonly vendors: NightVendors;
  readonly events: readonly DaybreakEvent[];
  readonly kills: number;
  readonly statuses: ReadonlyMap<string, readonly string[]>;
}

/**
 * Plays a night on a virtual clock: 40 runs of ten pipelines with the compiled machines, events that come late, twice and in any order, a function that sends alerts and
 * dies at any request, and vendors that are down for a while. All chance comes from the seed.
 */
export async function playNight(seed: number): Promise<Night> {
  const random = randomFrom(seed);
  const clock = new VirtualClock(midnight - minute);
  const store = new MemoryObjectStore();
  const vendors = new NightVendors(
    () => clock.now(),
    (now) => now > midnight + 2.2 * hour && now < midnight + 2.7 * hour,
  );
  const told: DaybreakEvent[] = [];
  const work: Promise<unknown>[] = [];
  let kills = 0;
  const push = (one: Promise<unknown>): void => {
    // Awaited in the end, in order.
    one.catch(() => undefined);
    work.push(one);
  };
  const later = (most: number, what: () => Promise<unknown>): void => {
    push(clock.sleep(random() * most).then(what));
  };

  /** The function that sends: three of ten calls die at some request. */
  const alert = async (pipeline: string): Promise<void> => {
    let left = random() < 0.3 ? Math.floor(random() * 8) : Number.POSITIVE_INFINITY;
    const alive = (): void => {
      left -= 1;
      if (left < 0) throw new Killed();
    };
    const mortal = new Proxy<ObjectStore>(store, {
      get(target: ObjectStore, name: keyof ObjectStore) {
        const member = target[name];
        if (typeof member !== 'function') return member;
        if (name === 'list') {
          alive();
          return member.bind(target);
        }
        return async (...args: unknown[]) => {
          alive();
          const answer = await (member as (...all: unknown[]) => unknown).apply(target, args);
          alive();
          return answer;
        };
      },
    });
    const fetchAlive = (async (...args: Parameters<typeof fetch>) => {
      alive();
      const answer = await vendors.fetch(...args);
      alive();
      return answer;
    }) as typeof fetch;
    try {
      await deliverAlerts({
        store: mortal,
        pipeline,
        settings,
        links: () => [],
        secret: async () => 'x',
        publish: async () => undefined,
        mail: async () => undefined,
        pause: (ms) => clock.sleep(ms),
        now: () => clock.now(),
        fetch: fetchAlive,
      });
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      kills += 1;
    }
  };

  /** The bus: each event comes once or twice, up to five minutes late. */
  const bus: Events = {
    open: async () => undefined,
    send: async (sent) => {
      for (const event of sent) {
        told.push(event);
        const copies = random() < 0.2 ? 2 : 1;
        for (let copy = 0; copy < copies; copy += 1) {
          if (event.type.startsWith('incident.')) later(minute, () => alert(event.pipeline));
          else later(5 * minute, () => takeEvents({ store, clock, events: bus }, event.pipeline, [event]));
        }
      }
    },
  };

  const statuses = new Map<string, string[]>();
  const run = async (pipeline: string, number: number): Promise<void> => {
    const { machine, plan } = compiled(templateOf(pipeline));
    const executions = new MemoryExecutions();
    const tokens = new MemoryTaskTokens((token, output) => execution.succeedTask(token, JSON.parse(output)));
    const ports = { store, clock, executions, tokens, queue: new MemoryDeadLetterQueue(clock), events: bus };
    const name = `night-${number}`;
    const execution = startOnHost(
      hostedMachine(machine.definition),
      {
        arn: `arn:${pipeline}:${name}`,
        name,
        // The schedule of this one pipeline starts its third run; people start the others.
        input: plan.deadline && number === 2 ? { daybreak: { scheduled_time: '2026-12-01T04:15:00Z' } } : {},
        startedAt: clock.now(),
      },
      {
        clock,
        random,
        invoke: (fn, event) => {
          const platform = platformInProcess[fn];
          if (platform) return asLambdaAnswers(platform(event, ports, machine.steps));
          const payload = resolveStep(stepEvent.parse(event), machine.steps);
          const attempt = { pipeline, step: payload.step.name, attempt: payload.attempt };
          return asLambdaAnswers(
            runStep(payload, {
              ports,
              invocationId: `${pipeline}-${name}-${attempt.step}-${attempt.attempt}-${clock.now()}`,
              handler: async () => {
                const { minutes, error } = attemptOf(attempt, clock.now(), random);
                await clock.sleep(minutes * minute);
                if (error) throw error;
                return {};
              },
              writeLine: () => undefined,
            }),
          );
        },
      },
    );
    const { status } = await execution.result;
    statuses.set(pipeline, [...(statuses.get(pipeline) ?? []), status]);
  };

  for (const [index, pipeline] of pipelineNames.entries()) {
    for (const [number, start] of starts.entries())
      push(clock.sleep(start + index * 3 * minute - clock.now()).then(() => run(pipeline, number)));
    // The sweep of the deployed function.
    for (let at = midnight; at < midnight + 10 * hour; at += 5 * minute)
      push(clock.sleep(at + index * 1000 - clock.now()).then(() => alert(pipeline)));
  }
  // Scheduler calls the function of deadlines every five minutes from an hour before the start until an hour after the deadline.
  const { plan } = compiled(templateOf(late));
  if (!plan.schedule?.times) throw new Error('the schedule has no times');
  const watched = { ...plan, schedule: { ...plan.schedule, times: plan.schedule.times } };
  for (let at = midnight + 3.25 * hour; at <= midnight + 7 * hour; at += 5 * minute)
    push(clock.sleep(at - clock.now()).then(() => lookAtDeadlines(watched, { store, clock, events: bus })));
  let done = 0;
  const all = async (): Promise<void> => {
    for (; done < work.length; done += 1) await work[done];
  };
  await clock.run(all());
  return { store, vendors, events: told, kills, statuses };
}
