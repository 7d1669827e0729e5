import { PermanentError, PlatformError, RetryableError } from '../../../contract/errors.ts';
import type { Json } from '../../../contract/json.ts';
import { onceKey } from '../../../contract/object-keys.ts';
import { stepEvent } from '../../../contract/payloads.ts';
import { resolveStep, type StepPayload } from '../../../contract/resolve-event.ts';
import type { Session, SessionOptions } from '../../../duckdb/session.ts';
import { runStep } from '../../../runtime/attempt/run-step.ts';
import type { LoadFacts } from '../../../runtime/manifests/later-load.ts';
import { announceLoad } from '../../../runtime/manifests/target-loads.ts';
import type { Step, StepFunction } from '../../../runtime/step.ts';
import { faultyPorts } from '../world/faulty-ports.ts';
import { rememberingEngine } from '../world/remembering-engine.ts';
import type { Scope } from '../world/scope.ts';
import type { Loaded } from '../world/warehouse.ts';
import type { Subject } from './subject.ts';

/** Runs a step's real handler through the real protocol, with faults of handlers around it. */
export function runStepBody(subject: Subject, broken: string | null) {
  return async (event: Json, scope: Scope, deadline: number): Promise<Json> => {
    const payload = resolveStep(stepEvent.parse(event), subject.machine(broken).steps);
    const handler = subject.handlers.get(payload.step.name);
    if (!handler) throw new Error(`no handler of step ${payload.step.name}`);
    const secrets = subject.secretsOf?.(payload.step.name);
    const answer = await runStep(payload, {
      ports: faultyPorts(scope),
      handler: faultyHandler(handler, { scope, payload, broken: payload.step.name === broken }),
      invocationId: scope.actor.invocation,
      deadline,
      random: () => scope.bench.chance.roll(`delay after ${scope.actor.label}`),
      writeLine: () => undefined,
      openEngine: async () => ({ session: (options) => mortalSession(scope, options) }),
      ...(secrets && { secrets }),
    });
    return answer as unknown as Json;
  };
}

/** A session that ends with its invocation, since a dead invocation never closes it. */
async function mortalSession(scope: Scope, options: SessionOptions = {}): Promise<Session> {
  const session = await (await rememberingEngine()).session(options);
  scope.life.onEnd(() => void session.close());
  return session;
}

interface Around {
  readonly scope: Scope;
  readonly payload: StepPayload;
  readonly broken: boolean;
}

const faultyHandler =
  (handler: StepFunction, { scope, payload, broken }: Around): StepFunction =>
  async (step) => {
    const { faults, chance, world } = scope.bench;
    const { label } = scope.actor;
    world.watch.handlerBegins(scope.actor);
    const fail = (when: string): void => {
      if (faults.happens('handler_failed', `${when} ${label}`)) throw passing(chance.roll(`rest after ${label}`));
      if (faults.happens('handler_gave_up', `${when} ${label}`)) throw new PermanentError('the bench says so');
    };
    await scope.sleep(chance.roll(`work of ${label}`) * 4_000);
    if (broken) {
      faults.count('handler_broken');
      throw new PermanentError("the step's code is wrong in this version");
    }
    fail('before');
    const result = await handler(asSeen(step, scope, payload));
    fail('after');
    return result;
  };

/** An error that is retried; a third of them ask for a delay. */
function passing(roll: number): RetryableError {
  const options = roll < 1 / 3 ? { retryAfter: Math.ceil(roll * 120) } : {};
  return new RetryableError('the bench says so', options);
}

/** A step of the bench: its handler can let virtual time pass, and load rows into a sink. */
export interface TimedStep extends Step {
  pass(milliseconds: number): Promise<void>;
  /** Replaces the rows of the step's target. */
  load(rows: string): Promise<void>;
}

/** The step as the handler sees it. Effects become operations: a crash comes before, after, or between the effect and its marker. */
function asSeen(step: Step, scope: Scope, { run }: StepPayload): TimedStep {
  const once = (key: string, fn: () => unknown): Promise<boolean> =>
    step.once(key, () =>
      scope.operate({ kind: 'effect', key, fails: 'handler_failed' }, async () => {
        await fn();
        scope.bench.world.watch.effectDone(scope.actor, key, onceKey(run, scope.actor.step ?? '', key));
      }),
    );
  const pass = (milliseconds: number): Promise<void> => scope.sleep(milliseconds);
  const load = async (rows: string): Promise<void> => {
    await announceLoad(step);
    await loadLate(scope, { ...factsOf(step), rows });
  };
  return Object.create(step, { once: { value: once }, pass: { value: pass }, load: { value: load } }) as TimedStep;
}

const factsOf = ({ run: { run_id, execution, turn } }: Step): LoadFacts => ({ run_id, execution, turn });

/** A load takes effect at once, or much later: then its sender hears nothing, and may be dead by then. */
async function loadLate(scope: Scope, load: Loaded): Promise<void> {
  const { world, faults, chance } = scope.bench;
  const target = scope.actor.step ?? '';
  const operation = { kind: 'load', key: target, fails: 'sink_unavailable', loses: 'sink_answer_lost' } as const;
  const arrived = await scope.operate(operation, async (id) => {
    if (!faults.happens('effect_late', id)) {
      world.warehouse.load(target, load);
      return 'in time';
    }
    const late = world.clock.sleep(chance.roll(`how late ${id}`) * 3_600_000).then(() => {
      world.say(`${id} arrives late`);
      world.warehouse.load(target, load);
    });
    world.keep(late);
    return 'under way';
  });
  // The connection is broken, so the sender knows nothing of the load.
  if (arrived === 'under way') throw new PlatformError(`load ${target}: no answer`);
}
