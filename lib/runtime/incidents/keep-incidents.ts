/** Incidents in the store: one object per pipeline, changed by compare-and-swap. */
import type { DaybreakEvent } from '../../contract/events/event.ts';
import { incidentsKey } from '../../contract/object-keys.ts';
import type { IncidentState } from '../../contract/records/incident.ts';
import type { Ports } from '../../ports/from-environment.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { tell } from '../events/tell.ts';
import { readJson } from '../records/json-objects.ts';
import { swapJson, type Verdict } from '../records/swap-json.ts';
import { incidentEvent } from './incident-events.ts';
import { noIncidents } from './incident-policy.ts';
import { type OperatorWord, takeWord } from './operator-words.ts';
import { type IncidentChange, reduce } from './reduce.ts';

/** The incidents of a pipeline; none if it never had one. */
export async function readIncidents(store: ObjectStore, pipeline: string): Promise<IncidentState> {
  return (await readJson<IncidentState>(store, incidentsKey(pipeline))) ?? noIncidents(pipeline);
}

/**
 * Takes events of a pipeline into its incidents, and then reports the changes. Taking an event in again changes nothing and reports its changes again: so call it until it has
 * returned once.
 */
export async function takeEvents(
  ports: Pick<Ports, 'store' | 'clock' | 'events'>,
  pipeline: string,
  events: readonly DaybreakEvent[],
): Promise<readonly IncidentChange[]> {
  const changes = await swapJson<IncidentState, IncidentChange[]>(ports.store, incidentsKey(pipeline), (found) => {
    const before = found ?? noIncidents(pipeline);
    let state = before;
    const made: IncidentChange[] = [];
    for (const event of events) {
      const next = reduce(state, event);
      state = next.state;
      made.push(...next.changes);
    }
    return state === before ? { answer: made } : { write: state, answer: made };
  });
  await tell(ports, () => changes.map(incidentEvent));
  return changes;
}

/** Takes a person's word in, and reports it. Null if the incident does not exist. */
export async function say(
  ports: Pick<Ports, 'store' | 'clock' | 'events'>,
  pipeline: string,
  word: OperatorWord,
): Promise<readonly IncidentChange[] | null> {
  type Answer = readonly IncidentChange[] | null;
  const changes = await swapJson<IncidentState, Answer>(ports.store, incidentsKey(pipeline), (found) => {
    const before = found ?? noIncidents(pipeline);
    const next = takeWord(before, word);
    const verdict: Verdict<IncidentState, Answer> = { answer: next?.changes ?? null };
    return next && next.state !== before ? { ...verdict, write: next.state } : verdict;
  });
  if (changes) await tell(ports, () => changes.map(incidentEvent));
  return changes;
}
