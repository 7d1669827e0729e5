/** Subscribers of a project beside a run on this machine: they hear its events while it works, and change nothing in it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { handlerCode } from '../../bundle/handler-code.ts';
import { findSubscribers } from '../../compiler/find-subscribers.ts';
import type { DaybreakEvent } from '../../contract/events/event.ts';
import { eventSource } from '../../contract/events/event-id.ts';
import { subscriberFunction } from '../../contract/events/subscription.ts';
import type { Json } from '../../contract/json.ts';
import type { RunRef } from '../../contract/object-keys.ts';
import { readFolderEvents } from '../../ports/folder/read-folder-events.ts';
import { TaskFailure } from '../asl/api.ts';
import type { FunctionPool, LocalFunction } from '../functions/function-pool.ts';
import { pinCode } from '../kept/pin-code.ts';

export interface SubscriberPlace {
  readonly root: string;
  readonly storeUrl: string;
  readonly codeFolder: string;
  readonly modules: Readonly<Record<string, string>> | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** Takes a line for people. */
  readonly say: (line: string) => void;
}

/** Milliseconds between two looks at the events of the run. */
const lookEvery = 500;

/** Milliseconds that the end of a run waits for subscribers. */
const longestWait = 60_000;

/** The functions of all subscribers of a project; one that does not compile is shown, and left out. */
export async function subscriberFunctions(place: SubscriberPlace): Promise<Map<string, LocalFunction>> {
  const found = await findSubscribers(place.root);
  const code = await handlerCode(
    found.map(({ entry }) => entry),
    { root: place.root, report: ({ message }) => place.say(`a subscriber is left out: ${message}`) },
  );
  const fileOf = await pinCode(code, place.codeFolder);
  const compiled = found.filter(({ entry }) => code.has(`${entry.entry}#${entry.export}`));
  return new Map(
    compiled.map(({ name, entry }) => [
      functionName(name),
      {
        entry: fileOf(entry),
        export: entry.export,
        ...(place.modules && { modules: place.modules }),
        ...subscriberFunction,
        environment: {
          ...place.environment,
          DAYBREAK_STORE: place.storeUrl,
          DAYBREAK_ROOT: place.root,
          DAYBREAK_SUBSCRIBER: name,
        },
      },
    ]),
  );
}

const functionName = (subscriber: string): string => `subscriber-${subscriber}`;

export interface Beside {
  /** Hands on what is left, and resolves when every subscriber has handled it. */
  finish(): Promise<void>;
  /** Ends at once, with events left. */
  stop(): void;
}

/** Hands each event of a run to each subscriber, one after the other for each. A failure is shown and changes nothing. */
export function runBeside(
  run: RunRef,
  names: readonly string[],
  { pool, folder, say }: { readonly pool: FunctionPool; readonly folder: string; readonly say: (line: string) => void },
): Beside {
  if (names.length === 0) return { finish: async () => undefined, stop: () => undefined };
  const seen = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();
  const look = async (): Promise<void> => {
    const fresh = (await readFolderEvents(folder, run).catch(() => [])).filter(({ id }) => !seen.has(id));
    for (const { id } of fresh) seen.add(id);
    await Promise.all(
      names.map(async (name) => {
        for (const event of fresh)
          await hand(pool, name, event).catch((error: unknown) => say(failed(name, event, error)));
      }),
    );
  };
  const again = (): Promise<unknown> => {
    last = last.then(look);
    return last;
  };
  const timer = setInterval(() => void again(), lookEvery);
  return {
    async finish() {
      clearInterval(timer);
      const late = new AbortController();
      const waited = sleep(longestWait, 'late' as const, { signal: late.signal }).catch(() => null);
      const end = await Promise.race([again(), waited]);
      late.abort();
      if (end === 'late')
        say(`subscribers had not handled every event after ${longestWait / 1000} s; the run is not affected`);
    },
    stop: () => clearInterval(timer),
  };
}

const hand = (pool: FunctionPool, name: string, event: DaybreakEvent): Promise<Json> =>
  pool.invoke(
    name,
    { source: eventSource, 'detail-type': event.type, detail: event } as unknown as Json,
    new AbortController().signal,
  );

function failed(name: string, { id }: DaybreakEvent, error: unknown): string {
  const text = error instanceof TaskFailure ? messageIn(error.cause) : String(error);
  return `${name.replace('-', ' ')} failed at ${id}: ${text}; the run is not affected`;
}

function messageIn(cause: string): string {
  try {
    return String((JSON.parse(cause) as { errorMessage?: string }).errorMessage ?? cause);
  } catch {
    return cause;
  }
}
