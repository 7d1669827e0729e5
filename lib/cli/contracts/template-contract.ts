import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import type { KnownDatasets } from '../../compiler/sql/known-datasets.ts';
import type { DataCheck } from '../../contract/records/data-check.ts';
import type { Contract } from '../../runtime/publish/check-contract.ts';

type Declared = Readonly<Record<string, { readonly checks?: readonly DataCheck[] }>>;

/** The contract that a run of a template would publish. `unknown`: published datasets whose columns only a run knows, as `step.dataset`. */
export function templateContract(
  { publish, steps, version }: Pick<PipelinePlan, 'publish' | 'steps' | 'version'>,
  known: KnownDatasets,
): { readonly contract: Contract; readonly unknown: ReadonlySet<string> } {
  const unknown = new Set<string>();
  const datasets = Object.entries(publish?.datasets ?? {}).flatMap(([step, names]) =>
    names.flatMap((dataset) => {
      const columns = known.columns(step, dataset);
      if (columns === null) unknown.add(`${step}.${dataset}`);
      return columns === null ? [] : [{ step, dataset, columns }];
    }),
  );
  const made = steps.map(({ name, config }) => {
    const checks = Object.entries((config.outputs ?? {}) as Declared).flatMap(([dataset, { checks: own = [] }]) =>
      own.map((check) => resultOf(dataset, check)),
    );
    return { step: name, checks };
  });
  return { contract: { pipeline_version: version, datasets, steps: made }, unknown };
}

/** The result of a check that passed. */
const resultOf = (dataset: string, check: DataCheck) => ({
  ...{ dataset, check: check.name, kind: check.kind, on_violation: check.on_violation, passed: true },
  ...{ measured: null, allowed: '' },
  ...(check.kind === 'not_null' && check.on_violation !== 'warn' && { columns: [...check.columns] }),
});
