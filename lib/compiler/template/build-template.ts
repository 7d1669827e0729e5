import { buildStep } from './build-step.ts';
import { type Key, take } from './keys/key-table.ts';
import * as keys from './keys/pipeline-keys.ts';
import { retryKeys } from './keys/retry-keys.ts';
import { checkPartitionKeys } from './keys/starts/check-partition-keys.ts';
import { checkInputField } from './keys/starts/input-field.ts';
import { stepKeys } from './keys/step-keys.ts';
import type { Template } from './template.ts';
import type { Reading } from './tree/reading.ts';
import { get, type Mapping, type Tree } from './tree/tree.ts';
import { writtenOffsets } from './tree/written-offsets.ts';

/** A template from the keys of the pipeline and its merged steps. */
export function buildTemplate(pipeline: Mapping, steps: readonly Mapping[], reading: Reading): Template {
  const of = <T>(key: Key<T>, from: Tree | null = pipeline): T | null => take(from, key, reading);
  const name = of(keys.name) ?? '';
  const [inputSchema, overlap] = [of(keys.inputSchema), of(keys.overlap)];
  const at = get(pipeline, 'overlap');
  if (at && overlap && overlap.key !== null)
    checkInputField(overlap.key, { schema: inputSchema, at: (get(at, 'key') ?? at).range }, reading);
  const partition = of(keys.partition);
  if (partition) checkPartitionKeys(partition, { pipeline, schema: inputSchema, overlap }, reading);
  const resolved = withSteps(pipeline, steps);
  return {
    file: reading.source.file,
    name,
    namespace: of(keys.namespace),
    version: of(keys.version) ?? '',
    description: of(keys.description),
    metadata: of(keys.metadata) ?? {},
    inputSchema,
    steps: steps.flatMap((step, index) => buildStep(step, index, name, reading) ?? []),
    schedule: of(keys.schedule),
    overlap,
    partition,
    deadline: of(keys.deadline),
    expectedMs: of(keys.expectedDuration),
    maxDurationMinutes: of(keys.maxDurationMinutes, get(pipeline, 'lifecycle')),
    localSetup: of(keys.setup, get(pipeline, 'local')),
    functions: of(keys.functions),
    alerts: of(keys.alerts),
    publish: of(keys.publish),
    lineage: of(keys.lineage),
    profile: of(keys.profile),
    at: (path) => {
      const { range } = find(resolved, path);
      return reading.source.span(range.start, range.end);
    },
    inside: (path, start, end) => {
      const { range, ...value } = find(resolved, path);
      if (value.kind !== 'scalar') return reading.source.span(range.start, range.end);
      const offsets = writtenOffsets(reading.source.text.slice(range.start, range.end), value.text);
      const offset = (at: number): number => range.start + (offsets[Math.min(at, offsets.length - 1)] ?? 0);
      return reading.source.span(offset(start), end > start ? offset(end - 1) + 1 : offset(start));
    },
  };
}

const withSteps = (pipeline: Mapping, steps: readonly Mapping[]): Mapping => {
  const entry = pipeline.entries.get('steps');
  if (!entry) return pipeline;
  const list: Tree = { kind: 'list', items: steps, range: entry.value.range };
  return { ...pipeline, entries: new Map([...pipeline.entries, ['steps', { ...entry, value: list }]]) };
};

/** Alias to the path that it stands for; no alias means two things. */
const canonical = new Map(
  [...keys.pipelineKeys.keys, ...stepKeys.keys, ...retryKeys.keys].flatMap((key) =>
    key.aliasOf ? [[key.name, key.aliasOf]] : [],
  ),
);

/** The deepest existing value on a path. */
const find = (root: Tree, path: readonly (string | number)[]): Tree => {
  let tree = root;
  for (const segment of path) {
    let next: Tree | null = null;
    if (typeof segment === 'number') next = tree.kind === 'list' ? (tree.items[segment] ?? null) : null;
    else {
      next = get(tree, segment);
      if (next === null) {
        const other = canonical.get(segment);
        next = other ? other.reduce<Tree | null>((inner, key) => get(inner, key), tree) : null;
      }
    }
    if (next === null) break;
    tree = next;
  }
  return tree;
};
