import { buildStep } from './build-step.ts';
import { eventBridgeCron } from './keys/eventbridge-cron.ts';
import { pipelineKeys } from './keys/pipeline-keys.ts';
import { retryKeys, stepKeys } from './keys/step-keys.ts';
import type { OverlapPolicy, OverlapTemplate, ScheduleTemplate, Template } from './template.ts';
import type { Reading } from './tree/reading.ts';
import { get, type Mapping, type Tree, toJsonObject } from './tree/tree.ts';
import { writtenOffsets } from './tree/written-offsets.ts';

/** A template from the checked keys of the pipeline and its merged steps. */
export function buildTemplate(pipeline: Mapping, steps: readonly Mapping[], reading: Reading): Template {
  const name = textOf(get(pipeline, 'name')) ?? '';
  const duration = get(get(pipeline, 'lifecycle'), 'max_duration_minutes');
  const resolved = withSteps(pipeline, steps);
  return {
    file: reading.source.file,
    name,
    namespace: textOf(get(pipeline, 'namespace_name')),
    version: textOf(get(pipeline, 'version')) ?? '',
    description: textOf(get(pipeline, 'description')),
    metadata: objectOf(get(pipeline, 'metadata')) ?? {},
    inputSchema: objectOf(get(pipeline, 'input_schema')),
    steps: steps.flatMap((step, index) => buildStep(step, index, name, reading) ?? []),
    schedule: buildSchedule(get(pipeline, 'schedule')),
    overlap: buildOverlap(get(pipeline, 'overlap')),
    maxDurationMinutes: duration?.kind === 'scalar' && typeof duration.value === 'number' ? duration.value : null,
    localSetup: textOf(get(get(pipeline, 'local'), 'setup')),
    functions: textOf(get(pipeline, 'functions')) as Template['functions'],
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

const textOf = (tree: Tree | null): string | null =>
  tree?.kind === 'scalar' && typeof tree.value === 'string' ? tree.value : null;

const objectOf = (tree: Tree | null) => (tree?.kind === 'map' ? toJsonObject(tree) : null);

const buildSchedule = (schedule: Tree | null): ScheduleTemplate | null => {
  const [cron, rate] = [textOf(get(schedule, 'cron')), textOf(get(schedule, 'rate'))];
  const translated = cron === null ? null : eventBridgeCron(cron);
  const times = translated === null || typeof translated === 'string' ? null : translated;
  const expression = times?.expression ?? rate;
  if (expression === null) return null;
  const enabled = get(schedule, 'enabled');
  return {
    expression,
    times: times?.times ?? null,
    timezone: textOf(get(schedule, 'timezone')),
    enabled: enabled?.kind === 'scalar' && typeof enabled.value === 'boolean' ? enabled.value : null,
    input: objectOf(get(schedule, 'input')) ?? {},
  };
};

const buildOverlap = (overlap: Tree | null): OverlapTemplate | null =>
  overlap && { policy: textOf(get(overlap, 'policy')) as OverlapPolicy | null, key: textOf(get(overlap, 'key')) };

const withSteps = (pipeline: Mapping, steps: readonly Mapping[]): Mapping => {
  const entry = pipeline.entries.get('steps');
  if (!entry) return pipeline;
  const list: Tree = { kind: 'list', items: steps, range: entry.value.range };
  return { ...pipeline, entries: new Map([...pipeline.entries, ['steps', { ...entry, value: list }]]) };
};

/** Alias to the path that it stands for; no alias means two things. */
const canonical = new Map(
  [...pipelineKeys.keys, ...stepKeys.keys, ...retryKeys.keys].flatMap((key) =>
    key.aliasOf ? [[key.name, key.aliasOf]] : [],
  ),
);

/** The deepest value on a path that there is. */
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
