import { describe, type Entry, type Mapping, quote, type Tree } from '../tree/tree.ts';
import type { Key, KeyTable, ReadValue } from './key-table.ts';
import { readMapping, requireKeys } from './read-mapping.ts';
import { overlap } from './read-overlap.ts';
import { schedule } from './read-schedule.ts';
import { jsonSchema } from './read-schema.ts';
import { freeMapping, name, oneOf, text, wholeNumber } from './read-value.ts';
import { pathInProject } from './resolve-handler.ts';
import { defaultKeys, overrideKeys, stepKeys } from './step-keys.ts';

const later = (key: string, means: string, instead?: string): Key => ({
  name: key,
  means,
  status: 'later',
  ...(instead !== undefined && { instead }),
});

const noEffect = (key: string, means: string, instead: string): Key => ({
  name: key,
  means,
  status: 'no effect',
  instead,
});

/** Keys of `lifecycle`. */
export const lifecycleKeys: KeyTable = {
  of: '"lifecycle"',
  keys: [
    // Step Functions ends every execution after a year.
    {
      name: 'max_duration_minutes',
      means: 'the run is stopped after so long',
      read: wholeNumber(1, 525_600, ' (a year)'),
    },
    ...['max_waiting_for_dependencies_minutes', 'max_waiting_for_retry_minutes', 'max_steps_in_process_minutes'].map(
      (key) => later(key, "Tasker's limit on a state", 'use "max_duration_minutes", or "timeout" of the steps'),
    ),
    ...['staleness_action', 'auto_fail_on_timeout', 'auto_dlq_on_timeout'].map((key) =>
      later(
        key,
        'what Tasker does when a limit is reached',
        'a run that is too long is stopped and gives a dead letter',
      ),
    ),
  ],
};

const setup: ReadValue = (value, reading, key) => {
  const read = text(value, reading, key);
  if (read?.kind !== 'scalar') return null;
  const path = pathInProject(read.text);
  if (path !== null && /\.[cm]?[jt]s$/.test(path)) return { ...read, value: path };
  reading.say(
    'BAD_PATH',
    value.range,
    `"setup" is ${quote(read.text)}; it has to be the path of a .ts or .js file inside of the project, like pipelines/stand-ins/start.ts`,
  );
  return null;
};

/** Keys of `local`. */
export const localKeys: KeyTable = {
  of: '"local"',
  keys: [
    { name: 'setup', means: 'module that starts what the handlers need offline, relative to the project', read: setup },
  ],
};

const listOf =
  (table: KeyTable, what: string): ReadValue =>
  (value, reading, key) => {
    if (value.kind !== 'list') {
      reading.say('BAD_TYPE', value.range, `"${key}" is a list of ${what}, but this is ${describe(value)}`);
      return null;
    }
    const items = value.items.map((item): Tree => {
      const read = readMapping(item, table, reading);
      if (read) requireKeys(item, table, reading);
      // A step keeps its index even when it cannot be read.
      return read ?? { kind: 'map', entries: new Map(), range: item.range };
    });
    return { ...value, items };
  };

/** Tasker 1 wrote overrides also as a mapping of step names. */
const overridesByName: ReadValue = (value, reading, key) => {
  if (value.kind !== 'map') return listOf(overrideKeys, 'overrides')(value, reading, key);
  const items = [...value.entries].map(([step, entry]): Tree => {
    const named: Entry = {
      written: step,
      key: entry.key,
      value: { kind: 'scalar', value: step, text: step, range: entry.key },
    };
    const keys = entry.value.kind === 'map' ? entry.value.entries : new Map<string, Entry>();
    return { kind: 'map', entries: new Map([['name', named], ...keys]), range: entry.value.range };
  });
  return listOf(overrideKeys, 'overrides')({ kind: 'list', items, range: value.range }, reading, key);
};

/** Keys of one environment. */
export const environmentKeys: KeyTable = {
  of: 'an environment',
  keys: [
    { name: 'steps', means: 'overrides by step name or `ALL`', read: listOf(overrideKeys, 'overrides') },
    { name: 'step_templates', means: 'Tasker 1', aliasOf: ['steps'], read: overridesByName },
    { name: 'step_overrides', means: 'Tasker 1', aliasOf: ['steps'], read: overridesByName },
    noEffect('task_handler', "Tasker's handler of the whole", 'the handlers of the steps do the work'),
  ],
};

const environments: ReadValue = (value, reading, key) => {
  const map = freeMapping(value, reading, key) as Mapping | null;
  if (map === null) return null;
  const entries = new Map<string, Entry>();
  for (const [environment, entry] of map.entries) {
    const empty: Mapping = { kind: 'map', entries: new Map(), range: entry.value.range };
    const isNull = entry.value.kind === 'scalar' && entry.value.value === null;
    entries.set(environment, {
      ...entry,
      value: (isNull ? null : readMapping(entry.value, environmentKeys, reading)) ?? empty,
    });
  }
  return { ...map, entries };
};

const nested =
  (table: KeyTable): ReadValue =>
  (value, reading) =>
    readMapping(value, table, reading);

const plainName = name(
  'the pipeline',
  /^[A-Za-z][A-Za-z0-9_-]*$/,
  64,
  'of letters, digits, "_" and "-", beginning with a letter',
);

/** Tasker 1 writes the namespace into the name: `api_task/integration`. */
const pipelineName: ReadValue = (value, reading, key) => {
  const text = value.kind === 'scalar' ? value.text : '';
  const [, space, own] = /^([A-Za-z0-9][\w.:/ -]*)\/([A-Za-z][\w-]*)$/.exec(text) ?? [];
  if (space === undefined || own === undefined || own.length > 64) return plainName(value, reading, key);
  const message = `the name ${quote(text)} of the pipeline has a "/" in it, which would make a folder; write name: ${own} and namespace_name: ${space}`;
  reading.say('BAD_NAME', value.range, message);
  return null;
};

const namespace = name('the namespace', /^[A-Za-z0-9][A-Za-z0-9_.:/ -]*$/, 128, 'of letters, digits and _ . : / -');

const tasker = 'the handlers of the steps do the work';

/** Keys of a pipeline: the top level of a template. */
export const pipelineKeys: KeyTable = {
  of: 'a pipeline',
  keys: [
    { name: 'name', means: 'letters, digits, `_`, `-`; at most 64', required: true, read: pipelineName },
    { name: 'namespace_name', means: 'what it belongs to', read: namespace },
    { name: 'namespace', means: 'the same', aliasOf: ['namespace_name'], read: namespace },
    { name: 'version', means: "the author's version, quoted or not", read: text },
    { name: 'description', means: 'for people', read: text },
    { name: 'metadata', means: 'free-form', read: freeMapping },
    { name: 'input_schema', means: 'JSON Schema 2020-12 of the input, with defaults', read: jsonSchema },
    { name: 'schema', means: 'Tasker 1', aliasOf: ['input_schema'], read: jsonSchema },
    { name: 'steps', means: 'what is done, see "Step"', required: true, read: listOf(stepKeys, 'steps') },
    { name: 'step_templates', means: 'Tasker 1', aliasOf: ['steps'], read: listOf(stepKeys, 'steps') },
    { name: 'defaults', means: 'step keys that hold for every step', read: nested(defaultKeys) },
    { name: 'environments', means: 'overrides by environment, see "Environments"', read: environments },
    { name: 'schedule', means: 'when it starts by itself, see "Schedule"', read: schedule },
    { name: 'overlap', means: 'what a start does while another run is going, see "Overlap"', read: overlap },
    { name: 'lifecycle', means: 'limits on the run as a whole', read: nested(lifecycleKeys) },
    {
      name: 'functions',
      means:
        '`shared` (default): steps with equal settings, secrets and permissions run in one Lambda function; `separate`: each handler has one',
      read: oneOf(['shared', 'separate']),
    },
    { name: 'local', means: 'what is needed offline', read: nested(localKeys) },
    later('partition', 'incremental runs and backfill'),
    later('deadline', 'when the run has to be ready'),
    later('systems', 'external systems with circuit breakers'),
    later('alerts', 'who is told of what'),
    later('publish', 'which datasets become visible together'),
    later('domain_events', 'declared business events', 'leave it out'),
    noEffect('custom_events', 'Tasker 1: events that handlers publish', 'let the handlers send them'),
    noEffect('system_dependencies', "Tasker's label of systems", 'leave it out'),
    noEffect('task_handler', "Tasker's handler of the whole", tasker),
    noEffect('task_handler_class', "Tasker 1's handler of the whole", tasker),
    noEffect('class_name', "Tasker 1's handler of the whole", tasker),
    noEffect('handler_config', "configuration of Tasker 1's handler of the whole", tasker),
    noEffect('module_namespace', 'Tasker 1: Ruby module', '"callable" says where a handler is'),
    noEffect('default_dependent_system', "Tasker 1: the system's label", 'leave it out'),
    noEffect('named_steps', 'Tasker 1: names of the steps, again', '"steps" is the list'),
    noEffect('concurrent', 'Tasker 1', 'steps that do not depend on each other run side by side'),
    noEffect('loaded_from', "where Tasker's generator found the file", 'leave it out'),
  ],
};
