/** Outcomes: written once per execution and step; whoever loses reads the settled one and obeys it. */
import { type ExecutionRef, outcomeKey } from '../../contract/object-keys.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { createOrRead, readJson } from './json-objects.ts';

/** Proposes an outcome and gives the settled one, which may be another's. */
export async function settle(store: ObjectStore, ref: ExecutionRef, proposal: Outcome): Promise<Outcome> {
  return (await createOrRead(store, outcomeKey(ref, proposal.step), proposal)).document;
}

/** The settled outcome of a step, or null while there is none. */
export function readOutcome(store: ObjectStore, ref: ExecutionRef, step: string): Promise<Outcome | null> {
  return readJson<Outcome>(store, outcomeKey(ref, step));
}

/** The settled outcomes of several steps by name; null where there is none. */
export async function readOutcomes(
  store: ObjectStore,
  ref: ExecutionRef,
  steps: readonly string[],
): Promise<ReadonlyMap<string, Outcome | null>> {
  return new Map(await Promise.all(steps.map(async (step) => [step, await readOutcome(store, ref, step)] as const)));
}

/** Whether every one of the steps has settled. */
export async function haveSettled(store: ObjectStore, ref: ExecutionRef, steps: readonly string[]): Promise<boolean> {
  const outcomes = await readOutcomes(store, ref, steps);
  return steps.every((step) => outcomes.get(step));
}
