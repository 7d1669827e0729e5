/** Records of a run as a trial of it has them: they name the trial, and the places where it finds the run's objects. */
import { originPrefix, type RunRef, runPrefix } from '../../contract/object-keys.ts';
import type { Checkpoint } from '../../contract/records/checkpoint.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import { sealed } from '../../runtime/records/seal.ts';

/** The two runs. */
export interface Pair {
  readonly original: RunRef;
  readonly trial: RunRef;
}

/** A manifest of the original run, for the trial: the same content, in objects that are fetched when they are read. */
export function borrowedManifest<M extends Manifest>({ seal: _, ...manifest }: M, pair: Pair): M {
  return sealed({ ...manifest, run_id: pair.trial.run_id, ...borrowedData(manifest, pair) }) as unknown as M;
}

/** A checkpoint of the original run, for the trial: a long step continues from it. */
export function borrowedCheckpoint(checkpoint: Checkpoint, pair: Pair): Checkpoint {
  return { ...checkpoint, ...borrowedData(checkpoint, pair) };
}

interface Keyed {
  readonly key: string;
}

type Data<D, F> = { readonly datasets: Readonly<Record<string, D>>; readonly files: Readonly<Record<string, F>> };

function borrowedData<D extends { readonly parts: readonly Keyed[] }, F extends Keyed>(
  { datasets, files }: Data<D, F>,
  pair: Pair,
): Data<D, F> {
  const borrowed = <T extends Keyed>(one: T): T => ({ ...one, key: borrowedKey(one.key, pair) });
  return {
    datasets: mapped(datasets, (entry) => ({ ...entry, parts: entry.parts.map(borrowed) })),
    files: mapped(files, borrowed),
  };
}

const mapped = <T>(entries: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, change(value)]));

/** Every object of a run has a key below the run's prefix. */
function borrowedKey(key: string, { original, trial }: Pair): string {
  const prefix = runPrefix(original);
  if (!key.startsWith(prefix)) throw new Error(`${key} is named by run ${original.run_id}, and is not below ${prefix}`);
  return originPrefix(trial) + key.slice(prefix.length);
}
