/** Pipelines whose steps change from one execution to the next, for properties. */
import fc from 'fast-check';
import { type Author, fails, writes } from './world-of-runs.ts';

/** True once in `n` times. */
export function oneIn(n: number): fc.Arbitrary<boolean> {
  return fc.integer({ min: 1, max: n }).map((value) => value === n);
}

/** The changes of one step. */
export interface StepChange {
  readonly code: boolean;
  readonly size: boolean;
  readonly fails: boolean;
}

export interface ChangingSteps {
  /** By step: the earlier steps that it depends on. */
  readonly edges: readonly (readonly boolean[])[];
  /** True if the code of a step decides its output. */
  readonly matters: readonly boolean[];
}

/** The steps after these changes. */
export function authors({ edges, matters }: ChangingSteps, changes: readonly StepChange[]): Author[] {
  return changes.map(({ code, size, fails: fail }, index) => ({
    name: `s${index}`,
    dependencies: changes.flatMap((_, other) => (other < index && edges[index]?.[other] ? [`s${other}`] : [])),
    code: `code ${code}`,
    initialization: { size },
    handler: fail ? fails : writes([index, size, matters[index] ? code : null]),
  }));
}
