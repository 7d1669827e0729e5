import { dismissalKey } from '../../contract/object-keys.ts';
import type { DeadLetter, Dismissal } from '../../contract/records/dead-letter.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { listClosing } from '../../runtime/records/index-entries.ts';
import { createOrRead, isoTime } from '../../runtime/records/json-objects.ts';

/** Dismisses a letter: closes it without a run, for a reason. The first reason stays. */
export async function dismissLetter(
  store: ObjectStore,
  letter: DeadLetter,
  { reason, now }: { readonly reason: string; readonly now: number },
): Promise<Dismissal> {
  const dismissal: Dismissal = { reason, dismissed_at: isoTime(now) };
  const { document } = await createOrRead(store, dismissalKey(letter, letter.step), dismissal);
  await listClosing(store, letter, letter.step);
  return document;
}
