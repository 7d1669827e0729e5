import type { Json, JsonObject } from '../../lib/contract/json.ts';
import type { RunContext } from '../../lib/contract/payloads.ts';
import type { PreparePayload, StepPayload } from '../../lib/contract/resolve-event.ts';
import type { StepSpec } from '../../lib/contract/step-spec.ts';
import { MemoryDeadLetterQueue } from '../../lib/ports/memory/memory-dead-letter-queue.ts';
import { MemoryEvents } from '../../lib/ports/memory/memory-events.ts';
import { MemoryExecutions } from '../../lib/ports/memory/memory-executions.ts';
import { MemoryObjectStore } from '../../lib/ports/memory/memory-object-store.ts';
import { MemoryTaskTokens } from '../../lib/ports/memory/memory-task-tokens.ts';
import type { Clock, ObjectStore } from '../../lib/ports/ports.ts';
import { runStep } from '../../lib/runtime/attempt/run-step.ts';
import type { Invocation } from '../../lib/runtime/invocation.ts';
import type { StepFunction } from '../../lib/runtime/step.ts';

/** A clock that stands still until a test moves it; its sleepers never wake by themselves. */
export class StoppedClock implements Clock {
  time = Date.parse('2026-02-01T01:00:00.000Z');
  readonly #sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  now = () => this.time;
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
      this.#sleepers.push({ at: this.time + ms, wake: resolve });
    });
  }
  pass(ms: number): void {
    this.time += ms;
    for (const { at, wake } of this.#sleepers) if (at <= this.time) wake();
  }
}

/** Memory for everything; tokens that were answered are kept. */
export function memoryWorld() {
  const clock = new StoppedClock();
  const answered: string[] = [];
  const tokens = new MemoryTaskTokens((token) => answered.push(token) > 0);
  const executions = new MemoryExecutions();
  return {
    store: new MemoryObjectStore(),
    clock,
    tokens,
    executions,
    queue: new MemoryDeadLetterQueue(clock),
    events: new MemoryEvents(),
    answered,
  };
}
export type World<S extends ObjectStore = MemoryObjectStore> = Omit<ReturnType<typeof memoryWorld>, 'store'> & {
  readonly store: S;
};

export function aRun(over: Partial<RunContext> = {}): RunContext {
  return {
    pipeline: 'sales',
    run_id: 'r1',
    execution: 1,
    execution_arn: 'arn:1',
    redrive_count: 0,
    started_at: '2026-02-01T01:00:00.000Z',
    scheduled_time: null,
    input: { day: '2026-01-31' },
    ...over,
  };
}

export function aStep(name: string, over: Partial<StepSpec> = {}): StepSpec {
  return {
    name,
    dependencies: [],
    trigger_rule: 'all_success',
    severity: 'high',
    definition: `definition of ${name}`,
    code: 'code',
    config: { initialization: {} },
    budgets: { step: 3, time_out: 3, platform: 6 },
    delays: { backoff: 'exponential', initial_seconds: 1, longest_seconds: 30, jitter: false },
    ...over,
  };
}

let invocations = 0;

/** Runs one attempt of a step with a handler. */
export function attempt(
  world: World<ObjectStore>,
  payload: Partial<StepPayload> & { readonly step: StepSpec },
  handler: StepFunction,
  over: Partial<Invocation> = {},
) {
  const { attempt: number = 1, again = null, long = null } = payload;
  const fresh = number === 1 && !again && !long?.yielded && !long?.redrives;
  return runStep(
    { run: aRun(), fresh, ...payload, attempt: number, again, long },
    { ports: world, handler, invocationId: `invocation-${++invocations}`, writeLine: () => undefined, ...over },
  );
}

export function aStart(over: { input?: Json; arn?: string; redrive?: number; pipeline?: object } = {}): PreparePayload {
  return {
    execution: {
      arn: over.arn ?? 'arn:1',
      name: `name-of-${(over.arn ?? 'arn:1').replace(':', '-')}`,
      started_at: '2026-02-01T01:00:00.000Z',
      redrive_count: over.redrive ?? 0,
    },
    input: over.input ?? {},
    pipeline: { name: 'sales', version: '1.0.0', ...over.pipeline },
  };
}

/** A document in the store, or null. */
export async function stored<T = JsonObject>(store: ObjectStore, key: string): Promise<T | null> {
  const found = await store.get(key);
  return found && (JSON.parse(Buffer.from(found.body).toString()) as T);
}

export async function keys(store: ObjectStore, prefix = ''): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list(prefix)) found.push(key);
  return found;
}

/** The error that a promise rejects with. */
export function errorOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    (value) => {
      throw new Error(`resolved with ${JSON.stringify(value)}`);
    },
    (error: Error) => error,
  );
}
