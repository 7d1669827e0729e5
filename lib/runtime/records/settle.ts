/** Outcomes: written once per execution and step. A writer that loses reads the settled one and obeys it. */
import { DamagedRecordError } from '../../contract/errors.ts';
import { type ExecutionRef, outcomeKey } from '../../contract/object-keys.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { createOrRead, readJson } from './json-objects.ts';
import { isSealed } from './outcomes.ts';
import { hasItsSeal } from './seal.ts';

/** Proposes an outcome and gives the settled one, which may be another's. */
export async function settle(store: ObjectStore, ref: ExecutionRef, proposal: Outcome): Promise<Outcome> {
  const key = outcomeKey(ref, proposal.step);
  const { document } = await createOrRead(store, key, proposal);
  return whole(document, store.url, key);
}

/** The settled outcome of a step, or null while there is none. */
export async function readOutcome(store: ObjectStore, ref: ExecutionRef, step: string): Promise<Outcome | null> {
  const key = outcomeKey(ref, step);
  const outcome = await readJson<Outcome>(store, key);
  return outcome && whole(outcome, store.url, key);
}

/** Dependents build on the content of an outcome, so its seal must be right. */
function whole(outcome: Outcome, store: string, key: string): Outcome {
  if (!isSealed(outcome) || hasItsSeal(outcome)) return outcome;
  throw new DamagedRecordError(store, key, 'its seal does not match its content');
}

/** The settled outcomes of several steps by name; null where there is none. */
export async function readOutcomes(
  store: ObjectStore,
  ref: ExecutionRef,
  steps: readonly string[],
): Promise<ReadonlyMap<string, Outcome | null>> {
  return new Map(await Promise.all(steps.map(async (step) => [step, await readOutcome(store, ref, step)] as const)));
}

/** True if all the steps have settled. A damaged outcome counts: waiting does not mend it, and the step that reads it fails at once with the record's name. */
export async function haveSettled(store: ObjectStore, ref: ExecutionRef, steps: readonly string[]): Promise<boolean> {
  const settled = await Promise.all(
    steps.map((step) => unlessDamaged(async () => (await readOutcome(store, ref, step)) !== null, true)),
  );
  return settled.every(Boolean);
}

/** The result of the work, or `instead` if a record that it reads is damaged. */
export async function unlessDamaged<T>(work: () => Promise<T>, instead: T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DamagedRecordError) return instead;
    throw error;
  }
}
