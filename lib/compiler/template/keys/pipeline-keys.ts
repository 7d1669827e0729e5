import { describe, type Entry, type Mapping, quote, type Tree } from '../tree/tree.ts';
import { alerts as alertSettings } from './alerts/read-alerts.ts';
import { alias, type KeyTable, key, later, noEffect, type Reader, type Shape, takes } from './key-table.ts';
import { lineage as lineageSetting } from './lineage/read-lineage.ts';
import { publish as publishing } from './publish/read-publish.ts';
import { deadline as readyBy } from './read-deadline.ts';
import { wholeSeconds } from './read-duration.ts';
import { readMapping, requireKeys } from './read-mapping.ts';
import { profile as profiling } from './read-profile.ts';
import { schedule as times } from './read-schedule.ts';
import { jsonSchema } from './read-schema.ts';
import { freeMapping, mapping, name as nameOf, oneOf, text, wholeNumber } from './read-value.ts';
import { pathInProject } from './resolve-handler.ts';
import { overlap as overlapping } from './starts/read-overlap.ts';
import { partition as pieces } from './starts/read-partition.ts';
import { defaultKeys, overrideKeys, stepKeys } from './step-keys.ts';

/** Step Functions ends every execution after a year. */
export const maxDurationMinutes = key(
  'max_duration_minutes',
  'the run is stopped after so long',
  wholeNumber(1, 525_600, ' (a year)'),
);

/** Keys of `lifecycle`. */
export const lifecycleKeys: KeyTable = {
  of: '"lifecycle"',
  keys: [
    maxDurationMinutes,
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

const modulePath: Reader<string> = takes({ type: 'string', pattern: '\\.[cm]?[jt]s$' }, (value, reading, key) => {
  const read = text(value, reading, key);
  if (read === null) return null;
  const path = pathInProject(read);
  if (path !== null && /\.[cm]?[jt]s$/.test(path)) return path;
  const message = `"setup" is ${quote(read)}; it has to be the path of a .ts or .js file inside of the project, like pipelines/stand-ins/start.ts`;
  reading.say('BAD_PATH', value.range, message);
  return null;
});

export const setup = key(
  'setup',
  'module that starts what the handlers need offline, relative to the project',
  modulePath,
);

/** Keys of `local`. */
export const localKeys: KeyTable = { of: '"local"', keys: [setup] };

const listOf = (table: KeyTable, what: string): Shape =>
  takes(
    (of) => ({ type: 'array', items: of(table) }),
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
    },
  );

/** Tasker 1 wrote overrides also as a mapping of step names. */
const overridesByName: Shape = takes(
  (of) => ({
    anyOf: [
      { type: 'array', items: of(overrideKeys) },
      { type: 'object', additionalProperties: of(defaultKeys) },
    ],
  }),
  (value, reading, key) => {
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
  },
);

/** Keys of one environment. */
export const environmentKeys: KeyTable = {
  of: 'an environment',
  keys: [
    { name: 'steps', means: 'overrides by step name or `ALL`', shape: listOf(overrideKeys, 'overrides') },
    alias('step_templates', ['steps'], { shape: overridesByName }),
    alias('step_overrides', ['steps'], { shape: overridesByName }),
    noEffect('task_handler', "Tasker's handler of the whole", 'the handlers of the steps do the work'),
  ],
};

const environments: Shape = takes(
  (of) => ({ type: 'object', additionalProperties: { anyOf: [of(environmentKeys), { type: 'null' }] } }),
  (value, reading, key) => {
    const map = mapping(value, reading, key);
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
  },
);

const nested = (table: KeyTable): Shape =>
  takes(
    (of) => of(table),
    (value, reading) => readMapping(value, table, reading),
  );

const nameForm = /^[A-Za-z][A-Za-z0-9_-]*$/;
const longestName = 64;

const plainName = nameOf(
  'the pipeline',
  nameForm,
  longestName,
  'of letters, digits, "_" and "-", beginning with a letter',
);

/** Tasker 1 writes the namespace into the name: `api_task/integration`. */
const pipelineName: Reader<string> = takes(
  { type: ['string', 'boolean'], pattern: nameForm.source, maxLength: longestName },
  (value, reading, key) => {
    const text = value.kind === 'scalar' ? value.text : '';
    const [, space, own] = /^([A-Za-z0-9][\w.:/ -]*)\/([A-Za-z][\w-]*)$/.exec(text) ?? [];
    if (space === undefined || own === undefined || own.length > 64) return plainName(value, reading, key);
    const message = `the name ${quote(text)} of the pipeline has a "/" in it, which would make a folder; write name: ${own} and namespace_name: ${space}`;
    reading.say('BAD_NAME', value.range, message);
    return null;
  },
);

const namespaceName = nameOf(
  'the namespace',
  /^[A-Za-z0-9][A-Za-z0-9_.:/ -]*$/,
  128,
  'of letters, digits and _ . : / -',
);

const tasker = 'the handlers of the steps do the work';

export const name = key('name', 'letters, digits, `_`, `-`; at most 64', pipelineName, { required: true });
export const namespace = key('namespace_name', 'what it belongs to', namespaceName);
export const version = key('version', "the author's version, quoted or not", text);
export const description = key('description', 'for people', text);
export const metadata = key('metadata', 'free-form', freeMapping);
export const inputSchema = key('input_schema', 'JSON Schema 2020-12 of the input, with defaults', jsonSchema);
export const schedule = key('schedule', 'when it starts by itself, see "Schedule"', times);
export const overlap = key('overlap', 'effect of a start while another run is active, see "Overlap"', overlapping);
export const partition = key('partition', 'the piece of time on which one run works, see "Partitions"', pieces);
export const deadline = key('deadline', 'when the data of a scheduled start has to be ready, see "Deadline"', readyBy);
export const expectedDuration = key(
  'expected_duration',
  'what a run usually takes; estimates use it while a step has neither history nor its own',
  wholeSeconds('s', 'the expected duration'),
);
export const functions = key(
  'functions',
  '`shared` (default): steps with equal settings, secrets and permissions run in one Lambda function; `separate`: each handler has one',
  oneOf(['shared', 'separate']),
);

export const profile = key(
  'profile',
  'profiles of all datasets: `true`, `false`, or `{top_values: false}`; `profile` of a dataset goes first',
  profiling,
);

export const alerts = key('alerts', 'who hears of failures and late data, see "Alerts"', alertSettings);

export const publish = key('publish', 'which datasets readers outside the pipeline see, see "Publish"', publishing);

export const lineage = key('lineage', 'OpenLineage events of each run, see "Lineage"', lineageSetting);

/** Keys of a pipeline: the top level of a template. */
export const pipelineKeys: KeyTable = {
  of: 'a pipeline',
  keys: [
    name,
    namespace,
    alias('namespace', ['namespace_name'], { ...namespace, means: 'the same' }),
    version,
    description,
    metadata,
    inputSchema,
    alias('schema', ['input_schema'], { read: jsonSchema }),
    { name: 'steps', means: 'what is done, see "Step"', required: true, shape: listOf(stepKeys, 'steps') },
    alias('step_templates', ['steps'], { shape: listOf(stepKeys, 'steps') }),
    { name: 'defaults', means: 'step keys that hold for every step', shape: nested(defaultKeys) },
    { name: 'environments', means: 'overrides by environment, see "Environments"', shape: environments },
    schedule,
    overlap,
    partition,
    deadline,
    expectedDuration,
    { name: 'lifecycle', means: 'limits on the run as a whole', shape: nested(lifecycleKeys) },
    functions,
    { name: 'local', means: 'what is needed offline', shape: nested(localKeys) },
    profile,
    later('systems', 'external systems with circuit breakers'),
    alerts,
    publish,
    lineage,
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
