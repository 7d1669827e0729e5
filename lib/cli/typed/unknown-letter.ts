import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { LetterState } from '../../operate/letters/letter-states.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { UsageError } from './usage-error.ts';

/** Says that a pipeline has no dead letter of this id, or none at all, and which one could be meant. */
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
