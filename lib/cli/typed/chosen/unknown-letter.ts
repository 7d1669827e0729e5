import { didYouMean } from '../../../diagnostics/did-you-mean.ts';
import { letterIds } from '../../../operate/letters/letter-states.ts';
import type { ObjectStore } from '../../../ports/ports.ts';
import { UsageError } from '../usage-error.ts';

/** The error for an unknown dead letter. It names the nearest id, or states that the pipeline has no letters. */
export async function unknownLetter(id: string | null, pipeline: string, store: ObjectStore): Promise<UsageError> {
  const known = await letterIds(store, pipeline);
  const [latest] = known;
  if (latest === undefined || id === null)
    return new UsageError(`pipeline "${pipeline}" has no dead letters in ${store.url}`);
  const ids = known.flatMap((one) => [one, one.slice(pipeline.length + 1)]);
  return new UsageError(`there is no dead letter "${id}"${didYouMean(id, ids)} (the latest is ${latest})`);
}
