import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedAnalysis } from '../../compiler/load-analysis.ts';
import type { Json } from '../../contract/json.ts';
import { type DatasetNode, LineageGraph, type Place } from './lineage-graph.ts';

/**
 * The graph of all pipelines, with the ways between them: a step handler whose file opens published data (`openPublished`) and that names another pipeline, in its file or in its `initialization`, may read
 * everything that this pipeline publishes. Code is not followed, so these ways are possible ones.
 */
export async function acrossPipelines(
  loaded: readonly LoadedAnalysis[],
  datasets: readonly DatasetNode[],
  root: string,
): Promise<LineageGraph> {
  const published = new Map(loaded.map((one) => [one.analysis?.template.name ?? '', publishedBy(one)]));
  const initializations = new Map(
    loaded.flatMap(({ analysis }) =>
      (analysis?.template.steps ?? []).map(
        (step) => [`${analysis?.template.name}/${step.name}`, step.handler] as const,
      ),
    ),
  );
  const texts = new Map<string, string>();
  for (const { file, lineage } of datasets)
    if (file !== null && lineage === null && !texts.has(file))
      texts.set(file, await readFile(join(root, file), 'utf8').catch(() => ''));
  const read = datasets.map((node): DatasetNode => {
    const text = node.lineage === null && node.file !== null ? (texts.get(node.file) ?? '') : '';
    if (!text.includes('openPublished')) return node;
    const handler = initializations.get(`${node.pipeline}/${node.step}`);
    const named = new Set([...quotedIn(text), ...textsIn(handler?.initialization ?? null)]);
    const from = [...published].flatMap(([pipeline, places]) =>
      pipeline !== node.pipeline && named.has(pipeline) ? places : [],
    );
    return { ...node, maybe: [...node.maybe, ...from] };
  });
  return new LineageGraph(read);
}

const publishedBy = ({ analysis }: LoadedAnalysis): Place[] =>
  (analysis?.template.publish?.datasets ?? []).map(({ step, dataset }) => ({
    pipeline: analysis?.template.name ?? '',
    step,
    dataset,
  }));

const quotedIn = (text: string): string[] =>
  [...text.matchAll(/(['"`])([\w-]{1,128})\1/g)].map(([, , name = '']) => name);

const textsIn = (value: Json): string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
};
