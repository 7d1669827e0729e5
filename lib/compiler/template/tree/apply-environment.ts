import { firstHints } from '../../../diagnostics/did-you-mean.ts';
import { mergeMappings } from './merge-trees.ts';
import type { Reading } from './reading.ts';
import { get, type Mapping, type Tree } from './tree.ts';

const noKeys: Mapping = { kind: 'map', entries: new Map(), range: { start: 0, end: 0 } };

/** The steps of a pipeline as one environment has them (null: none): defaults, under the step, under the environment's ALL, under its override of the step. */
export function applyEnvironment(pipeline: Mapping, environment: string | null): Mapping[] {
  const defaults = get(pipeline, 'defaults');
  const overrides = environment === null ? [] : overridesOf(get(get(pipeline, 'environments'), environment));
  const byStep = Map.groupBy(overrides, ({ step }) => step);
  const all = byStep.get('ALL') ?? [];
  return steps(pipeline).map((step) => {
    const name = nameOf(step) ?? '';
    const own = name === 'ALL' ? [] : (byStep.get(name) ?? []);
    const base = defaults?.kind === 'map' ? mergeMappings({ ...defaults, range: step.range }, step) : step;
    return [...all, ...own].reduce((under, { keys }) => mergeMappings(under, keys), { ...base, range: step.range });
  });
}

/** Reports overrides of steps that do not exist, and steps that one environment overrides twice. */
export function checkOverrides(pipeline: Mapping, reading: Reading): void {
  const names = new Set(steps(pipeline).flatMap((step) => nameOf(step) ?? []));
  const environments = get(pipeline, 'environments');
  const hint = firstHints(100);
  for (const [environment, entry] of environments?.kind === 'map' ? environments.entries : []) {
    const seen = new Map<string, Tree>();
    for (const { step, at } of overridesOf(entry.value)) {
      const first = seen.get(step);
      if (step !== 'ALL' && !names.has(step)) {
        const message = `the environment "${environment}" overrides "${step}", which is not a step`;
        reading.say('UNKNOWN_STEP', at.range, `${message}${hint(step, names)}`);
      } else if (first) {
        const message = `the environment "${environment}" overrides "${step}" twice`;
        reading.say('DUPLICATE_STEP', at.range, message, { message: 'first overridden here', at: first.range });
      } else seen.set(step, at);
    }
  }
}

/** The environments that a pipeline has. */
export function environmentNames(pipeline: Mapping): string[] {
  const environments = get(pipeline, 'environments');
  return environments?.kind === 'map' ? [...environments.entries.keys()] : [];
}

/** The steps of a pipeline as they were written. */
const steps = (pipeline: Mapping): Mapping[] => {
  const list = get(pipeline, 'steps');
  return list?.kind === 'list' ? list.items.filter((item) => item.kind === 'map') : [];
};

const nameOf = (step: Tree): string | null => {
  const name = get(step, 'name');
  return name?.kind === 'scalar' ? name.text : null;
};

const overridesOf = (environment: Tree | null): { step: string; keys: Mapping; at: Tree }[] => {
  const list = get(environment, 'steps');
  return (list?.kind === 'list' ? list.items : []).flatMap((override) => {
    const at = get(override, 'name');
    if (override.kind !== 'map' || at?.kind !== 'scalar') return [];
    const entries = new Map(override.entries);
    entries.delete('name');
    return [{ step: at.text, keys: { ...noKeys, entries }, at }];
  });
};
