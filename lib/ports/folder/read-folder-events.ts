import { readFile } from 'node:fs/promises';
import type { DaybreakEvent } from '../../contract/events/event.ts';
import { fromErrno, isMissing } from '../errno.ts';
import { eventsFile } from './folder-events.ts';

/** The events of a run in a folder, each id once, in the order of their times. A line that is not whole counts as not written. */
export async function readFolderEvents(
  folder: string,
  run: { readonly pipeline: string; readonly run_id: string | null },
): Promise<DaybreakEvent[]> {
  const path = eventsFile(folder, run);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return '';
    throw fromErrno(error, `cannot read ${path}`);
  });
  const byId = new Map<string, DaybreakEvent>();
  for (const line of text.split('\n')) {
    const event = line === '' ? null : parse(line);
    if (event && !byId.has(event.id)) byId.set(event.id, event);
  }
  return [...byId.values()].sort((one, other) => Date.parse(one.time) - Date.parse(other.time));
}

function parse(line: string): DaybreakEvent | null {
  try {
    return JSON.parse(line) as DaybreakEvent;
  } catch {
    return null;
  }
}
