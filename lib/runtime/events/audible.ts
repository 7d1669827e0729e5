import type { Ports } from '../../ports/from-environment.ts';

/** The ports with which a run reports: a trial reports no events, so that it opens and ends no incident, and no subscriber acts on it. */
export function audible<P extends Pick<Ports, 'events'>>(ports: P, { trial }: { readonly trial?: unknown }): P {
  if (!trial) return ports;
  const { events: _, ...silent } = ports;
  return silent as P;
}
