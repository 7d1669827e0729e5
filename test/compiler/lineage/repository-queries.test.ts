import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadAnalysis } from '../../../lib/compiler/load-analysis.ts';
import type { LineageInput, QueryLineage } from '../../../lib/contract/lineage/column-lineage.ts';
import { packageRoot } from '../../../lib/package/package-files.ts';
import { laterQueries } from './later-queries.ts';
import { repositoryQueries as firstQueries } from './repository-queries.ts';

const repositoryQueries = { ...firstQueries, ...laterQueries };

const folder = join(packageRoot, 'pipelines');

/** The lineage of every query of a pipeline, by the query's path without `.sql`. */
async function lineagesOf(pipeline: string): Promise<[string, QueryLineage | null][]> {
  const options = { root: packageRoot, environment: null, allowMissingHandlers: false };
  const { analysis, variants } = await loadAnalysis(join(folder, `${pipeline}.yaml`), options, () => undefined);
  return [...(analysis?.queries ?? [])].flatMap(([step, { sources }]) =>
    sources.map(({ file, dataset }): [string, QueryLineage | null] => [
      (file ?? `${pipeline}/${step}`).replace(/\.sql$/, ''),
      variants[0]?.datasets.lineage(step, dataset) ?? null,
    ]),
  );
}

const written = (inputs: readonly LineageInput[]): string[] =>
  inputs
    .flatMap(({ step, dataset, column, kinds }) => kinds.map((kind) => `${kind} ${step}.${dataset}.${column ?? '*'}`))
    .toSorted();
const listed = (text: string): string[] => (text === '' ? [] : text.split(', ').toSorted());

test('the column lineage of every query of the repository is what a person reads in it', async () => {
  const pipelines = [...new Set(Object.keys(repositoryQueries).map(pipelineOf))];
  const found = (await Promise.all(pipelines.map(lineagesOf))).flat();
  const expected = Object.entries(repositoryQueries).map(([path, { columns, rows }]) => [
    path,
    { columns: Object.entries(columns).map(([name, text]) => ({ name, inputs: listed(text) })), rows: listed(rows) },
  ]);
  const actual = found.map(([path, lineage]) => [
    path,
    {
      columns: lineage?.columns.map(({ inputs, ...column }) => ({ ...column, inputs: written(inputs) })),
      rows: written(lineage?.rows ?? []),
      ...(lineage?.unknown !== undefined && { unknown: lineage.unknown }),
    },
  ]);
  expect(Object.fromEntries(actual)).toEqual(Object.fromEntries(expected));
});

test('a pipeline of the table has all of its queries in it, and the queries of all others are followed too', async () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.sql'));
  const paths = files.map((path) => path.replace(/\.sql$/, ''));
  const own = [...new Set(Object.keys(repositoryQueries).map(pipelineOf))];
  expect(paths.filter((path) => own.includes(pipelineOf(path))).toSorted()).toEqual(
    Object.keys(repositoryQueries).toSorted(),
  );
  const others = [...new Set(paths.map(pipelineOf))].filter((name) => !own.includes(name));
  const found = (await Promise.all(others.map(lineagesOf))).flat();
  const unknown = found.filter(
    ([, lineage]) =>
      !lineage || lineage.unknown !== undefined || lineage.columns.some((column) => column.unknown !== undefined),
  );
  expect(unknown).toEqual([]);
});

const pipelineOf = (path: string): string => path.split('/')[0] ?? '';
