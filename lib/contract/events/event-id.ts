import type { RunRef } from '../object-keys.ts';
import type { EventType } from './event.ts';

/** Grows when a reader of the older form would misread an event. A new field or a new type does not change it: readers ignore what they do not know. */
export const eventVersion = 1 as const;

/**
 * The id of an event: its type, then what it is about. Each thing happens once for these parts (an outcome is settled once in an execution, an attempt ends once), so every
 * report of it has the same id.
 */
export function eventId(type: EventType, run: RunRef, ...parts: readonly (string | number)[]): string {
  return [type, run.pipeline, run.run_id, ...parts].join('/');
}

/** The source of all events on the bus: rules match it. */
export const eventSource = 'daybreak';
