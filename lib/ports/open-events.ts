import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from './aws/aws-client-settings.ts';
import { FolderEvents } from './folder/folder-events.ts';
import { reservedSegment } from './object-key.ts';
import type { Events } from './ports.ts';

/** Returns the folder of the events of a store on this machine: in the store's own folder, which no key reaches. */
export function localEventsFolder(storeUrl: string): string {
  return join(fileURLToPath(storeUrl), reservedSegment, 'events');
}

/** Opens the events beside a store: the bus that DAYBREAK_EVENT_BUS names, or a folder of a store on this machine. Undefined if there is no bus. */
export function openEvents(storeUrl: string, env: Environment): Events | undefined {
  if (storeUrl.startsWith('file:')) return new FolderEvents(localEventsFolder(storeUrl));
  const bus = env.DAYBREAK_EVENT_BUS;
  return bus ? eventBridge(bus, env) : undefined;
}

/** Loads the client at its first use: a client makes a cold start longer. */
function eventBridge(bus: string, env: Environment): Events {
  const load = async () => (await import('./aws/events/open-eventbridge.ts')).openEventBridge(bus, env);
  let loaded: ReturnType<typeof load> | undefined;
  const loadOnce = (): ReturnType<typeof load> => {
    loaded ??= load();
    return loaded;
  };
  return {
    open: async () => (await loadOnce()).open(),
    send: async (events, options) => (await loadOnce()).send(events, options),
  };
}
