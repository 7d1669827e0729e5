import type { ExecutionRef } from '../../contract/object-keys.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import type { FinalStep } from '../../contract/resolve-event.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readOutcomes } from '../records/settle.ts';

/** The end of a step, as far as the end of an execution depends on it. */
export type Settled = Pick<Outcome, 'step' | 'outcome' | 'causes' | 'failure'>;

/**
 * The end of every step; null without a settled outcome. An outcome says when all ancestors of its step succeeded too, and it never changes, so after a success only the steps that
 * no other depends on are read.
 */
export async function readAllOutcomes(
  store: ObjectStore,
  ref: ExecutionRef,
  steps: readonly FinalStep[],
): Promise<ReadonlyMap<string, Outcome | Settled | null>> {
  const dependencies = new Map(steps.map((step) => [step.name, step.dependencies ?? []]));
  const needed = new Set([...dependencies.values()].flat());
  const names = [...dependencies.keys()];
  const last = await readOutcomes(
    store,
    ref,
    names.filter((name) => !needed.has(name)),
  );
  const implied = new Set<string>();
  const ends = names.filter((name) => last.get(name)?.all_succeeded);
  for (const name of ends) for (const ancestor of dependencies.get(name) ?? []) implied.add(ancestor);
  // A set visits what is added while it is walked through.
  for (const name of implied) for (const ancestor of dependencies.get(name) ?? []) implied.add(ancestor);
  const rest = await readOutcomes(
    store,
    ref,
    [...needed].filter((name) => !implied.has(name)),
  );
  const succeeded = [...implied].map((step): [string, Settled] => [
    step,
    { step, outcome: 'succeeded', causes: [], failure: null },
  ]);
  return new Map<string, Outcome | Settled | null>([...succeeded, ...last, ...rest]);
}
