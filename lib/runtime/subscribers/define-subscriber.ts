import * as z from 'zod/mini';
import { PermanentError } from '../../contract/errors.ts';
import type { DaybreakEvent } from '../../contract/events/event.ts';
import { type EventName, type EventOf, isHeard } from '../../contract/events/subscription.ts';
import { parseSecret, type SecretSource } from '../../input/secret-source.ts';
import type { FunctionContext } from '../define-step.ts';
import { processPorts } from '../execution/platform-handler.ts';
import { createLogger, type Logger } from '../logger.ts';
import { parseEvent } from '../parse-event.ts';
import { Redactor } from '../secrets/redactor.ts';
import { type Secrets, secretsFromEnvironment } from '../secrets/secrets.ts';
import { handleOnce } from './handle-once.ts';

/** The tools of a subscriber, beside the event. */
export interface SubscriberTools {
  readonly log: Logger;
  /** Fires shortly before the function's time ends. */
  readonly signal: AbortSignal;
  /** The value of a declared secret. It is kept out of the log. */
  secret(name: string): Promise<string>;
}

export interface SubscriberOptions<N extends EventName = EventName> {
  /** Types of events: `step.failed`, `data.*`, `*`. `task.failed` is another name of `run.failed`. */
  readonly on: readonly N[];
  /** Names of pipelines; all when left out. */
  readonly pipelines?: readonly string[];
  /** `suppress`, or left out: an event that was handled is not handled again. */
  readonly duplicates?: 'suppress' | 'deliver';
  /** Names of secrets to where AWS keeps them: `secretsmanager:<name or ARN>`, `ssm:/<path>`. Offline `DAYBREAK_SECRET_<NAME>` has the value. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** A subscriber as Lambda calls it, with an event of EventBridge. It answers whether it handled the event. */
export interface Subscriber {
  (event: unknown, context: FunctionContext): Promise<{ readonly handled: boolean }>;
  readonly subscription: SubscriberOptions;
}

const fromBus = z.object({ detail: z.looseObject({ type: z.string(), id: z.string(), pipeline: z.string() }) });

/** Milliseconds before the end of the function's time. */
const margin = 1_000;

/**
 * Makes a subscriber of a function, which gets every event of these types. An event can come late and out of order. Once the function has returned, the same event does not come
 * again; if it throws, Lambda tries again, so it may see an event more than once.
 */
export function defineSubscriber<const N extends EventName>(
  options: SubscriberOptions<N>,
  handle: (event: EventOf<N>, tools: SubscriberTools) => unknown,
): Subscriber {
  if (typeof handle !== 'function') throw new PermanentError('defineSubscriber needs a function after its options');
  if (options.on.length === 0) throw new PermanentError('defineSubscriber hears nothing: "on" is empty');
  const declared = JSON.stringify(sourcesOf(options.secrets));
  let secrets: Secrets | undefined;
  const subscriber = async (given: unknown, context: FunctionContext) => {
    const event = parseEvent(fromBus, given).detail as unknown as DaybreakEvent;
    if (!hears(options, event)) return { handled: false };
    const remaining = context.getRemainingTimeInMillis();
    const ports = await processPorts();
    const redactor = new Redactor();
    redactor.addEnvironment(process.env);
    const name = process.env.DAYBREAK_SUBSCRIBER ?? 'subscriber';
    const tools: SubscriberTools = {
      log: createLogger({
        facts: { subscriber: name, event: event.id },
        now: () => ports.clock.now(),
        redact: redactor.redact,
        writeLine: (line) => void process.stdout.write(`${line}\n`),
      }),
      signal: AbortSignal.timeout(Math.max(0, remaining - margin)),
      async secret(wanted) {
        secrets ??= secretsFromEnvironment({ ...process.env, DAYBREAK_SECRETS: declared }, ports.clock);
        const value = await secrets.read(wanted);
        redactor.add(value);
        return value;
      },
    };
    const work = async () => handle(event as EventOf<N>, tools);
    if (options.duplicates === 'deliver') await work();
    else return { handled: await handleOnce(ports, { subscriber: name, event, remaining }, work) };
    return { handled: true };
  };
  return Object.assign(subscriber, { subscription: options });
}

/** True if a subscriber with these options gets the event. */
function hears({ on, pipelines }: SubscriberOptions, { type, pipeline }: DaybreakEvent): boolean {
  return on.some((name) => isHeard(name, type)) && (pipelines?.includes(pipeline) ?? true);
}

function sourcesOf(secrets: SubscriberOptions['secrets'] = {}): Record<string, SecretSource> {
  return Object.fromEntries(
    Object.entries(secrets).map(([name, text]) => {
      const source = parseSecret(text);
      if (source) return [name, source];
      throw new PermanentError(
        `the secret "${name}" of a subscriber is kept at ${JSON.stringify(text)}; write secretsmanager:<name or ARN> or ssm:/<path>`,
      );
    }),
  );
}
