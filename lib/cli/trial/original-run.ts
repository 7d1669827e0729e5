import { fileURLToPath } from 'node:url';
import { isRunId, type RunRef } from '../../contract/object-keys.ts';
import type { ExecutionRecord } from '../../contract/records/execution.ts';
import { type Remembered, rememberedStart } from '../../offline/kept/remembered-start.ts';
import type { Original } from '../../operate/trial/make-trial.ts';
import { readExecutions } from '../../runtime/records/execution-number.ts';
import type { Context } from '../context.ts';
import { unknownRun } from '../typed/chosen/unknown-run.ts';
import type { Place } from '../typed/place.ts';
import { localFolder } from '../typed/store-option.ts';

/** A run that exists, with what this machine remembers of its start. */
export interface OriginalRun extends Original {
  readonly remembered: Remembered | null;
}

/** The run that a person wants to fork. Throws a UsageError that names the nearest run if there is no such run. */
export async function originalRun(run: RunRef, place: Place): Promise<OriginalRun> {
  const history = isRunId(run.run_id) ? await readExecutions(place.store, run) : [];
  if (history.length === 0) throw await unknownRun(run, place);
  return { store: place.store, region: regionOf(place), run, history, remembered: await remember(run, history, place) };
}

/** A bucket is in a region; a later command may run without the variable that names it. */
const regionOf = ({ store, env }: Place): string | null =>
  store.url.startsWith('s3:') ? env.AWS_REGION || env.AWS_DEFAULT_REGION || null : null;

async function remember(run: RunRef, history: readonly ExecutionRecord[], { store }: Place) {
  return store.url.startsWith('file:') ? rememberedStart(fileURLToPath(store.url), run, history) : null;
}

/** The folder of a trial: the one that `--into` names, else that of the original run, else the project's own. */
export function trialFolder(into: string | null, place: Place, context: Context): string {
  const same = place.store.url.startsWith('file:') && typeof place.typed === 'string' ? place.typed : null;
  return localFolder(into ?? same, context);
}
