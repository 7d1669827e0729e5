import type { Incident } from '../../../contract/records/incident.ts';
import type { ObjectStore } from '../../../ports/ports.ts';
import { readIncidents } from '../../../runtime/incidents/keep-incidents.ts';
import { UsageError } from '../../typed/usage-error.ts';

/** The incident that a person names by its number or by its whole name; the latest if they name none. An unknown one is a UsageError that lists the known ones. */
export async function chosenIncident(store: ObjectStore, pipeline: string, wanted: string | null): Promise<Incident> {
  const { incidents } = await readIncidents(store, pipeline);
  const found =
    wanted === null ? incidents.at(-1) : incidents.find(({ id, number }) => wanted === id || wanted === String(number));
  if (found) return found;
  if (incidents.length === 0) throw new UsageError(`${pipeline} has no incident in ${store.url}`);
  const known = incidents.map(({ number, status }) => `${number} (${status})`).join(', ');
  throw new UsageError(
    `there is no incident ${JSON.stringify(wanted)} of ${pipeline}; the store keeps all open ones and the last 20 that ended: ${known}`,
  );
}
