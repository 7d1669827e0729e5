import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { UsageError } from '../typed/usage-error.ts';
import type { ColumnPlace, DatasetNode } from './lineage-graph.ts';

/** `step.dataset`, with `.column` behind it; the result of a step is `step.result`. */
export function written({ step, dataset, column }: Omit<ColumnPlace, 'pipeline'>): string {
  return [step, dataset ?? 'result', ...(column === null ? [] : [column])].join('.');
}

/** The dataset or column of a pipeline that a person names: `step.dataset[.column]`, or `dataset[.column]` if one step alone has the dataset. Anything else is a UsageError that lists what there is. */
export function chosenColumn(datasets: readonly DatasetNode[], typed: string): ColumnPlace {
  const named = datasets.flatMap((node) => {
    const name = node.dataset ?? 'result';
    return [`${node.step}.${name}`, name].flatMap((prefix) => {
      const rest =
        typed === prefix ? null : typed.startsWith(`${prefix}.`) ? typed.slice(prefix.length + 1) : undefined;
      return rest === undefined ? [] : [{ node, column: rest, isWhole: prefix !== name }];
    });
  });
  const best = named.filter(({ isWhole }) => isWhole);
  const found = best.length > 0 ? best : named;
  const fitting = found.filter(({ node, column }) => column === null || !node.columns || node.columns.includes(column));
  const [only, ...others] = fitting;
  if (only && others.length === 0) {
    const { pipeline, step, dataset } = only.node;
    return { pipeline, step, dataset, column: only.column };
  }
  const names = datasets.map((node) => written({ ...node, column: null }));
  if (only)
    throw new UsageError(
      `several steps have a dataset "${typed}": ${fitting.map(({ node }) => written({ ...node, column: null })).join(', ')}`,
    );
  const [near] = found;
  if (near?.node.columns) {
    const { columns } = near.node;
    throw new UsageError(
      `"${written({ ...near.node, column: null })}" has no column "${near.column}"${didYouMean(near.column ?? '', columns)} (its columns are: ${columns.join(', ')})`,
    );
  }
  throw new UsageError(
    `there is no dataset "${typed}"${didYouMean(typed, names)} (the datasets are: ${names.join(', ')})`,
  );
}
