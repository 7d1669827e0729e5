import type { Graph } from '../graph/graph.ts';
import type { Template } from '../template/template.ts';

/** The steps whose watermarks a publish can move: those that make a published dataset, and all before them. None in a pipeline with partitions. */
export function stepsWithMarks(
  { publish, partition }: Pick<Template, 'publish' | 'partition'>,
  { dependencies }: Pick<Graph, 'dependencies'>,
): ReadonlySet<string> {
  const marked = new Set(publish === null || partition !== null ? [] : publish.datasets.map(({ step }) => step));
  // A set visits what is added while it is walked through.
  for (const name of marked) for (const dependency of dependencies.get(name) ?? []) marked.add(dependency);
  return marked;
}
