import type { StepSource } from '../contract/lineage/lineage-setting.ts';
import type { LoadedPipeline } from './loaded-pipeline.ts';

/** The facts about each step that its lineage events carry, in the order of the steps. */
export function lineageSources({ plan, machine, datasets }: Extract<LoadedPipeline, { ok: true }>) {
  return plan.steps.map(({ name, work }): readonly [string, StepSource] => {
    const code = machine.steps[name]?.code ?? '';
    if (work.kind === 'handler') return [name, { code, sql: null, file: work.entry, lineage: [], reads: null }];
    const { queries } = work;
    const all = [...queries.datasets, ...(queries.result ? [{ ...queries.result, name: null }] : [])];
    const found = all.map((query) => [query.name, datasets.lineage(name, query.name)] as const);
    return [
      name,
      {
        code,
        sql: all.map(({ text }) => text.trim()).join(';\n'),
        file: null,
        lineage: found.flatMap(([dataset, lineage]) =>
          dataset !== null && lineage ? [[dataset, lineage] as const] : [],
        ),
        reads: found.every(([, lineage]) => lineage !== null)
          ? found.flatMap(([, lineage]) => lineage?.reads ?? [])
          : null,
      },
    ];
  });
}
