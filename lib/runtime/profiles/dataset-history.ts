/** The latest profiles of a dataset, in short: one object, read with one request. */
import { pointerKey, profileHistoryKey } from '../../contract/object-keys.ts';
import type { ProfileHistory, ProfilePoint } from '../../contract/profiles/profile.ts';
import type { Pointer } from '../../contract/published/pointer.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readIntact, readJson } from '../records/json-objects.ts';
import { swapJson } from '../records/swap-json.ts';

/** Twelve weeks and some days: enough of each weekday. */
const mostPoints = 90;

/** Columns of a point: more would make the object large, and no one watches so many. */
const mostColumns = 100;

interface Place {
  readonly pipeline: string;
  readonly step: string;
  readonly dataset: string;
}

/** The latest first, without runs whose version a person withdrew: they are no example. A damaged history counts as none: it is made again. */
export async function readHistory(store: ObjectStore, at: Place): Promise<readonly ProfilePoint[]> {
  const found = await readIntact<ProfileHistory>(store, profileHistoryKey(at.pipeline, at.step, at.dataset));
  const points = found?.points ?? [];
  if (points.every(({ version }) => version === null)) return points;
  const pointer = await readJson<Pointer>(store, pointerKey(at.pipeline));
  const withdrawn = new Set(pointer?.withdrawn.map(({ version }) => version));
  return points.filter(({ version }) => version === null || !withdrawn.has(version));
}

/** Adds a run, once: a run that is continued takes the place of the point that it left before. */
export async function keepPoint(store: ObjectStore, at: Place, point: ProfilePoint): Promise<void> {
  const columns = Object.fromEntries(Object.entries(point.columns).slice(0, mostColumns));
  await swapJson<ProfileHistory, null>(store, profileHistoryKey(at.pipeline, at.step, at.dataset), (now) => {
    const others = (now?.points ?? []).filter(({ run_id }) => run_id !== point.run_id);
    const points = [...others, { ...point, columns }].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
    return { write: { format: 1, points: points.slice(0, mostPoints) }, answer: null };
  });
}
