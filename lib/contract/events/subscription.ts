/** The events that a subscriber hears, by names with a `*` at their end: `step.failed`, `data.*`, `*`. */
import type { DaybreakEvent, EventType } from './event.ts';

/** Names that other tools give to events of runs. */
const alias = 'task.';
const aliasOf = 'run.';

/** A name for `on`: a type, the beginning of types, all of them, or `task.` for `run.`. */
export type EventName =
  | EventType
  | '*'
  | `${EventType extends `${infer Head}.${string}` ? Head : never}.*`
  | `task.${(EventType extends `run.${infer Tail}` ? Tail : never) | '*'}`;

type Told<N extends string> = N extends `task.${infer Tail}` ? `run.${Tail}` : N;

/** The events that the names match. */
export type EventOf<N extends string> =
  Told<N> extends infer T
    ? T extends '*'
      ? DaybreakEvent
      : T extends `${infer Head}.*`
        ? Extract<DaybreakEvent, { readonly type: `${Head}.${string}` }>
        : Extract<DaybreakEvent, { readonly type: T }>
    : never;

/** Returns a name of `on` without an alias: `run.failed` for `task.failed`. */
export function ownEventName(name: string): string {
  return name.startsWith(alias) ? `${aliasOf}${name.slice(alias.length)}` : name;
}

/** True if a name of `on` means this type of event. */
export function isHeard(name: string, type: string): boolean {
  const own = ownEventName(name);
  return own === '*' || (own.endsWith('.*') ? type.startsWith(own.slice(0, -1)) : own === type);
}

/** The names that `on` may have, for messages. */
export function eventNames(types: readonly string[]): string[] {
  const heads = [...new Set(types.map((type) => `${type.split('.')[0]}.*`))];
  const aliases = types
    .filter((type) => type.startsWith(aliasOf))
    .map((type) => `${alias}${type.slice(aliasOf.length)}`);
  return [...types, ...heads, ...aliases, `${alias}*`, '*'];
}

/** The limits of every subscriber's function, offline and deployed. */
export const subscriberFunction = { timeoutSeconds: 60, memoryMb: 512 } as const;
