import type { StepPlan } from '../../compiler/plan/plan.ts';
import type { CompiledMachine } from '../../compiler/states/emit-machine.ts';
import type { Json } from '../../contract/json.ts';
import { platformFunctions } from '../../contract/platform-functions.ts';
import { stepIn } from '../../contract/state-names.ts';

/**
 * Tells which functions an execution will invoke next, the soonest first: Prepare, then the steps by their depth in the graph, then Finalize. A caller gives each event as it invokes
 * a function, null before the first; a step whose event has come is left out from then on.
 */
export function upcomingFunctions(
  steps: readonly StepPlan[],
  { functions }: CompiledMachine,
): (event: Json) => readonly string[] {
  const functionOf = new Map(
    functions.flatMap(({ placeholder, steps: own }) => own.map((step) => [step, placeholder])),
  );
  const depth = depthsOf(steps);
  const byDepth = steps.toSorted((a, b) => (depth.get(a.name) ?? 0) - (depth.get(b.name) ?? 0));
  const begun = new Set<string>();
  let prepared = false;
  return (event) => {
    const step = stepIn(event);
    if (step !== null) begun.add(step);
    const first = prepared ? [] : [platformFunctions.prepare.placeholder];
    prepared = event !== null;
    const left = byDepth.filter(({ name }) => !begun.has(name));
    const levels = [...Map.groupBy(left, ({ name }) => depth.get(name)).values()];
    const next = atOnce(levels.map((level) => level.flatMap(({ name }) => functionOf.get(name) ?? [])));
    return [...first, ...next, platformFunctions.finalize.placeholder];
  };
}

/** As many processes of each function as one level needs: the next level finds them free. */
function atOnce(levels: readonly (readonly string[])[]): string[] {
  const listed = new Map<string, number>();
  return levels.flatMap((level) => {
    const seen = new Map<string, number>();
    return level.filter((name) => {
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      if (count <= (listed.get(name) ?? 0)) return false;
      listed.set(name, count);
      return true;
    });
  });
}

/** Steps on the longest way to each step. Templates list steps in any order. */
function depthsOf(steps: readonly StepPlan[]): ReadonlyMap<string, number> {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const depths = new Map<string, number>();
  const depthOf = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const depth = Math.max(-1, ...(byName.get(name)?.dependencies ?? []).map(depthOf)) + 1;
    depths.set(name, depth);
    return depth;
  };
  for (const { name } of steps) depthOf(name);
  return depths;
}
