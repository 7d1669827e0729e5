import type { Reading } from './tree/reading.ts';
import { type Entry, get, type Mapping, type Tree } from './tree/tree.ts';

/** Keys that say what a step does; the last is rejected for what it is. */
const doers = ['handler', 'handler_class', 'sql', 'composition'];

/** Reports steps that name nothing to run, neither themselves nor through the defaults. */
export function checkHandlersGiven(written: Mapping, pipeline: Mapping, reading: Reading): void {
  const defaults = get(pipeline, 'defaults');
  if (get(get(defaults, 'handler'), 'callable') || get(defaults, 'sql')) return;
  const list = get(written, 'steps') ?? get(written, 'step_templates');
  for (const step of list?.kind === 'list' ? list.items : []) {
    if (step.kind !== 'map') continue;
    const given = doers.map((key) => step.entries.get(key)).filter((entry) => entry && !isNull(entry.value));
    const name = step.entries.get('name');
    const at = (name ?? step.entries.values().next().value)?.value.range ?? step.range;
    if (given.length === 0)
      reading.say('MISSING_KEY', at, `the step ${named(name)} needs the key "handler" or "sql": what runs`);
    const handler = step.entries.get('handler');
    if (handler?.value.kind === 'map' && given.length === 1 && !handler.value.entries.has('callable'))
      reading.say(
        'MISSING_KEY',
        handler.key,
        `the handler of ${named(name)} needs the key "callable": the file and export that run`,
      );
  }
}

const isNull = (tree: Tree): boolean => tree.kind === 'scalar' && tree.value === null;

const named = (name: Entry | undefined): string =>
  name?.value.kind === 'scalar' ? `"${name.value.text}"` : 'without a name';
