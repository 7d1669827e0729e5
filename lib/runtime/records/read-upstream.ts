import type { ExecutionRef } from '../../contract/object-keys.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import type { StepSpec } from '../../contract/step-spec.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readOutcomes } from './settle.ts';
import type { Upstream } from './trigger-rule.ts';

/** A carried outcome leaves a larger content in its manifest. In bytes of JSON. */
const largestCarried = 2 * 1024;

/** The outcomes before a step: of its dependencies, and of the ancestors whose outcomes its own carries on. */
export interface Before {
  readonly upstream: Upstream;
  readonly carried: readonly Outcome[];
}

/**
 * Reads the outcomes of a step's last dependencies, and takes those of earlier ones out of them. An outcome never changes once it is settled, so a copy is as good. An
 * outcome that no other carries is read by itself.
 */
export async function readUpstream(
  store: ObjectStore,
  ref: ExecutionRef,
  { dependencies, via = {}, carries = [] }: Pick<StepSpec, 'dependencies' | 'via' | 'carries'>,
): Promise<Before> {
  const relayed = new Map(Object.entries(via));
  const needed = [...new Set([...dependencies, ...carries])];
  const read = await readOutcomes(
    store,
    ref,
    needed.filter((name) => !relayed.has(name)),
  );
  const found = new Map(read);
  for (const [name, through] of relayed) {
    const copy = read.get(through)?.carried?.find(({ step }) => step === name);
    if (copy) found.set(name, copy);
  }
  const missing = needed.filter((name) => !found.has(name));
  for (const [name, outcome] of await readOutcomes(store, ref, missing)) found.set(name, outcome);
  return {
    upstream: new Map(dependencies.map((name) => [name, found.get(name) ?? null])),
    carried: carries.flatMap((name) => copyOf(found.get(name) ?? null)),
  };
}

function copyOf(outcome: Outcome | null): Outcome[] {
  if (!outcome) return [];
  // The carrier itself has the spans of all its ancestors.
  const { carried: _, seal: __, spans: ___, made, ...rest } = outcome;
  const small = made !== undefined && Buffer.byteLength(JSON.stringify(made)) <= largestCarried;
  return [small ? { ...rest, made } : rest];
}
