import type { EventType } from './event.ts';

/** The types of events on the bus that open, join or end incidents. */
export const observedOnBus = [
  'step.failed',
  'step.blocked',
  'run.completed',
  'run.failed',
  'run.stopped',
  'deadline.at_risk',
  'deadline.missed',
  'deadline.met',
] as const satisfies readonly EventType[];
