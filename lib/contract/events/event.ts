/** The one form of all events: what the bus carries, what the store's folder holds, and what subscribers get. */
import * as z from 'zod/mini';
import { eventVersion } from './event-id.ts';
import { type EventDetails, eventTypes } from './event-types.ts';

/** From the one that wakes people to the one that is only recorded; `info` is no trouble. */
const eventSeverity = z.enum(['critical', 'high', 'medium', 'low', 'info']);
export type EventSeverity = z.infer<typeof eventSeverity>;

/** The fields that every event has, of any type. */
export const envelope = {
  version: z.literal(eventVersion),
  /** The same when the same thing is reported twice, so that readers can drop copies. */
  id: z.string(),
  /** The moment of the thing itself, ISO 8601 in UTC; a repeated report has the same. */
  time: z.string(),
  severity: eventSeverity,
  pipeline: z.string(),
  /** Null where no run began. */
  run_id: z.nullable(z.string()),
  /** Number of the execution inside the run, from 1; null where none was claimed. */
  execution: z.nullable(z.int()),
  /** Null for events of a whole run. */
  step: z.nullable(z.string()),
  /** From 1; null where no attempt is meant. */
  attempt: z.nullable(z.int()),
  /** The reason: the error's name, and its text in at most 1,000 characters. Null where nothing went wrong. */
  cause: z.nullable(z.object({ error: z.string(), text: z.string() })),
};

export type EventType = keyof typeof eventTypes;

type Envelope = { readonly [K in keyof typeof envelope]: z.infer<(typeof envelope)[K]> };

/** An event of one type, or of any. */
export type DaybreakEvent<T extends EventType = EventType> = {
  [K in T]: Envelope & { readonly type: K; readonly detail: EventDetails[K] };
}[T];

/** The schema of one type of event. */
function eventSchema<T extends EventType>(type: T) {
  return z.object({ ...envelope, type: z.literal(type), detail: eventTypes[type].detail });
}

/** Checks a document that should be an event. Throws a ZodError that names each wrong field. */
export function parseEventDocument(document: unknown): DaybreakEvent {
  const { type } = z.object({ type: z.enum(Object.keys(eventTypes) as EventType[]) }).parse(document);
  return eventSchema(type).parse(document) as DaybreakEvent;
}
