import { localFolders } from '../../offline/kept/local-folders.ts';
import { FolderDeadLetterQueue } from '../../ports/folder/folder-dead-letter-queue.ts';
import type { DeadLetterQueue } from '../../ports/ports.ts';
import { SystemClock } from '../../ports/system-clock.ts';
import type { Context } from '../context.ts';
import type { Place } from './place.ts';
import { localFolder } from './store-option.ts';

/** The dead-letter queue of a pipeline in a place. */
export function queueOf(place: Place, pipeline: string, context: Context): DeadLetterQueue {
  if (place.deployed) return place.deployed.queue;
  const folder = localFolder(typeof place.typed === 'string' ? place.typed : null, context);
  return new FolderDeadLetterQueue(localFolders(folder, pipeline).queue, new SystemClock());
}
