import type { PipelinePlan, StepPlan } from '../../../compiler/plan/plan.ts';
import { type CompiledMachine, emitMachine } from '../../../compiler/states/emit-machine.ts';

/** The machines of a pipeline, each emitted once: the correct one, or one with a mistake in a step's code, which gives that step another digest. */
export function machineVersions(plan: PipelinePlan): (broken: string | null) => CompiledMachine {
  const machines = new Map<string | null, CompiledMachine>();
  return (broken) => {
    const known = machines.get(broken) ?? emitMachine(plan, versionOf(broken));
    machines.set(broken, known);
    return known;
  };
}

/** A stand-in for the digest of the handlers' code. */
const versionOf =
  (broken: string | null) =>
  ({ name }: StepPlan): string =>
    name === broken ? 'broken' : 'right';
