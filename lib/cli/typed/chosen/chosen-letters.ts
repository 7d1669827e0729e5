import { type LetterState, letterStatesOf } from '../../../operate/letters/letter-states.ts';
import type { ObjectStore } from '../../../ports/ports.ts';
import { unknownLetter } from './unknown-letter.ts';

/** The dead letters that a person named by id, each once. An unknown id is a UsageError. */
export async function chosenLetters(
  ids: readonly string[],
  pipeline: string,
  store: ObjectStore,
): Promise<LetterState[]> {
  const found = await letterStatesOf(store, pipeline, ids);
  const missing = found.indexOf(null);
  if (missing !== -1) throw await unknownLetter(ids[missing] ?? null, pipeline, store);
  const byId = new Map(found.flatMap((state) => (state ? [[state.letter.id, state] as const] : [])));
  return [...byId.values()];
}
