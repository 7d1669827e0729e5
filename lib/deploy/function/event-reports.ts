import type { Grant } from './grant.ts';

/** The right and the variable with which a function reports events: to this one bus, and nothing else. */
export function reportSettings(eventBusArn: string) {
  const grant: Grant = { actions: ['events:PutEvents'], resources: [eventBusArn] };
  return { grant, environment: { DAYBREAK_EVENT_BUS: eventBusArn } };
}
