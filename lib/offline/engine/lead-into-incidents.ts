import { observedOnBus } from '../../contract/events/observed-types.ts';
import type { RunRef } from '../../contract/object-keys.ts';
import { FolderEvents } from '../../ports/folder/folder-events.ts';
import { readFolderEvents } from '../../ports/folder/read-folder-events.ts';
import { localEventsFolder } from '../../ports/open-events.ts';
import type { Clock, ObjectStore } from '../../ports/ports.ts';
import { takeEvents } from '../../runtime/incidents/keep-incidents.ts';

/**
 * Leads the events of a run into the incidents of its pipeline, as the bus does on AWS: at the end of an execution, before anything records that end. So a run that was killed leads
 * them when the next command reconciles it. Events that were taken in before change nothing.
 */
export async function leadIntoIncidents(
  run: RunRef,
  { store, clock, storeUrl }: { readonly store: ObjectStore; readonly clock: Clock; readonly storeUrl: string },
): Promise<void> {
  const folder = localEventsFolder(storeUrl);
  const events = await readFolderEvents(folder, run);
  const observed = events.filter(({ type }) => (observedOnBus as readonly string[]).includes(type));
  if (observed.length === 0) return;
  await takeEvents({ store, clock, events: new FolderEvents(folder) }, run.pipeline, observed);
}
