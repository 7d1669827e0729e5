import { recordKindOf } from '../../contract/records/record-shapes.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { parseJson, toText, tryParse } from './json-objects.ts';

/** A decision about a document: write another in its place, or leave it. `answer` goes back to the caller. */
export type Verdict<T, R> = { readonly write: T; readonly answer: R } | { readonly answer: R; readonly write?: never };

/**
 * Changes a JSON document by compare-and-swap, and gives the answer of the verdict that counted. `decide` gets the document, or null when there is none; a damaged one that may
 * be replaced counts as none. It is called again whenever another writer was faster, so it must not change anything that counts before its
 * verdict does.
 */
export async function swapJson<T extends object, R>(
  store: ObjectStore,
  key: string,
  decide: (now: T | null) => Verdict<T, R> | Promise<Verdict<T, R>>,
): Promise<R> {
  for (;;) {
    const found = await store.get(key);
    const verdict = await decide(
      found && (isReplaceable(key, found.body) ? null : parseJson<T>(store, key, found.body)),
    );
    if (verdict.write === undefined) return verdict.answer;
    const condition = found ? { ifMatch: found.etag } : { ifNoneMatch: '*' as const };
    const options = { ...condition, contentType: 'application/json' };
    if ((await store.put(key, toText(verdict.write), options)).written) return verdict.answer;
  }
}

const isReplaceable = (key: string, body: Uint8Array): boolean =>
  recordKindOf(key)?.replaceable === true && 'fault' in tryParse(key, body);
