import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { LetterState } from '../../operate/letters/letter-states.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { UsageError } from './usage-error.ts';

/** The error for an unknown dead letter. It names the nearest id, or states that the pipeline has no letters. */
export function unknownLetter(
  id: string | null,
  pipeline: string,
  { states, store }: { readonly states: readonly LetterState[]; readonly store: ObjectStore },
): UsageError {
  const latest = states.at(-1)?.letter;
  if (!latest || id === null) return new UsageError(`pipeline "${pipeline}" has no dead letters in ${store.url}`);
  const ids = states.flatMap(({ letter }) => [letter.id, letter.id.slice(pipeline.length + 1)]);
  return new UsageError(`there is no dead letter "${id}"${didYouMean(id, ids)} (the latest is ${latest.id})`);
}
