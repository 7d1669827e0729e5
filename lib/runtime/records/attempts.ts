/** The attempts record: counts that the machine's retriers cannot keep, in the store. */
import { attemptsKey, type ExecutionRef } from '../../contract/object-keys.ts';
import type { AttemptsRecord } from '../../contract/records.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readJson } from './json-objects.ts';
import { swapJson } from './swap-json.ts';

/** What a step without a record has counted. */
export const noAttempts: AttemptsRecord = { step_errors: 0, apart: 0, time_outs: 0, platform: 0, counted: null };

/** The counts of a step in this execution; zeros when nothing was counted yet. */
export async function readAttempts(store: ObjectStore, ref: ExecutionRef, step: string): Promise<AttemptsRecord> {
  return (await readJson<AttemptsRecord>(store, attemptsKey(ref, step))) ?? noAttempts;
}

/**
 * Changes the record and gives what stands there afterwards. `change` gets what is there now and is called again when another attempt was faster; when it gives back the very
 * record that it got, nothing is written.
 */
export async function updateAttempts(
  store: ObjectStore,
  ref: ExecutionRef,
  step: string,
  change: (now: AttemptsRecord) => AttemptsRecord,
): Promise<AttemptsRecord> {
  return swapJson<AttemptsRecord, AttemptsRecord>(store, attemptsKey(ref, step), (found) => {
    const now = found ?? noAttempts;
    const next = change(now);
    return next === now ? { answer: now } : { write: next, answer: next };
  });
}
