import { setTimeout as sleep } from 'node:timers/promises';
import { changedPaths, type Places, type Snapshot, takeSnapshot } from './snapshot.ts';

/** Milliseconds between two looks. */
const everyMs = 250;

/** Files must have been quiet for so long: an editor that saves several files, or a checkout, is one change. */
const quietMs = 200;

/** Waits until a file that matters differs from a snapshot, and all have been quiet for a moment. Returns the changed paths; none if the signal has fired. */
export async function awaitChange(
  before: Snapshot,
  { places, matters }: { readonly places: Places; readonly matters: (path: string) => boolean },
  signal: AbortSignal,
): Promise<readonly string[]> {
  while (!signal.aborted) {
    const now = await takeSnapshot(places);
    const changed = changedPaths(before, now).filter(matters);
    if (changed.length > 0) return settled(now, { before, places, matters }, signal);
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
  return [];
}

async function settled(
  first: Snapshot,
  { before, places, matters }: { before: Snapshot; places: Places; matters: (path: string) => boolean },
  signal: AbortSignal,
): Promise<readonly string[]> {
  let last = first;
  while (!signal.aborted) {
    await sleep(quietMs, undefined, { signal }).catch(() => undefined);
    const now = await takeSnapshot(places);
    if (changedPaths(last, now).length === 0) return changedPaths(before, now).filter(matters);
    last = now;
  }
  return [];
}
