import { alias, type Key, type KeyTable, key, later, noEffect, type Reader, type Shape, takes } from './key-table.ts';
import { deadline as readyBy } from './read-deadline.ts';
import { wholeSeconds } from './read-duration.ts';
import { secrets as places, permissions as statements, variables } from './read-function-settings.ts';
import { readMapping } from './read-mapping.ts';
import { outputs } from './read-outputs.ts';
import { jsonSchema } from './read-schema.ts';
import { sql } from './read-sql.ts';
import { flag, freeMapping, name as nameOf, oneOf, stepNames, text, texts, wholeNumber } from './read-value.ts';
import { backoff, maxAttempts, retryable, retryKeys } from './retry-keys.ts';
import { needs as window } from './starts/read-needs.ts';

export const callable = key('callable', 'the file and export that run, see "Names"', text);
export const method = key('method', 'name of the export; `handler` when left out', text);
export const initialization = key('initialization', 'free mapping that the handler sees as `step.config`', freeMapping);

/** Keys of `handler`. */
export const handlerKeys: KeyTable = {
  of: 'a handler',
  keys: [
    callable,
    method,
    initialization,
    noEffect('resolver', "Tasker's choice of a resolver", '"callable" says where the handler is'),
  ],
};

/** A mapping, or the callable alone. */
const handler: Shape = takes(
  (of) => ({ anyOf: [{ type: ['string', 'number', 'boolean'] }, of(handlerKeys)] }),
  (value, reading) => {
    if (value.kind !== 'scalar') return readMapping(value, handlerKeys, reading);
    const alone = { written: 'handler', key: value.range, value, read: callable.read };
    return { kind: 'map', entries: new Map([['callable', alone]]), range: value.range };
  },
);

const retry: Shape = takes(
  (of) => of(retryKeys),
  (value, reading) => readMapping(value, retryKeys, reading),
);

const anyType = oneOf(['standard', 'decision', 'deferred_convergence', 'batchable', 'batch_worker']);

const stepType: Reader<'standard'> = takes({ enum: ['standard'] }, (value, reading, key) => {
  const read = anyType(value, reading, key);
  if (read === null || read === 'standard') return read;
  reading.say('NOT_YET_SUPPORTED', value.range, `the step type "${read}" is not supported by this version`);
  return null;
});

const stepName = nameOf(
  'a step',
  /^(?!ALL$)[A-Za-z][A-Za-z0-9_-]*$/,
  60,
  'of letters, digits, "_" and "-", beginning with a letter ("ALL" stands for every step)',
);

export const name = key('name', 'unique in the pipeline; letters, digits, `_`, `-`; at most 60', stepName, {
  required: true,
});
export const description = key('description', 'for people', text);
export const dependencies = key('dependencies', 'names of the steps that come before', texts, {
  shape: stepNames,
  recovers: true,
});
export const triggerRule = key(
  'trigger_rule',
  '`all_success` (default), `none_failed` or `all_done`',
  oneOf(['all_success', 'none_failed', 'all_done']),
);
export const optional = key('optional', '`true`: its failure does not fail the run', flag);
export const timeout = key(
  'timeout',
  'for one attempt from start to end, yields included',
  wholeSeconds('s', 'the time-out'),
);
export const memoryMb = key(
  'memory_mb',
  "the function's memory, 128 to 10240",
  wholeNumber(128, 10_240, ", Lambda's limits"),
);
export const ephemeralStorageMb = key(
  'ephemeral_storage_mb',
  "the function's /tmp, 512 to 10240; four times `memory_mb` when left out, within these limits. Offline a function with more local files is killed",
  wholeNumber(512, 10_240, ", Lambda's limits"),
);
export const severity = key(
  'severity',
  '`critical`, `high`, `medium` or `low`: how bad its failure is',
  oneOf(['critical', 'high', 'medium', 'low']),
);
export const deadline = key('deadline', 'when the step has to be done, see "Deadline"', readyBy);
export const expectedDuration = key(
  'expected_duration',
  'what the step usually takes, with its retries; estimates use it while there is no history',
  wholeSeconds('s', 'the expected duration'),
);
export const resultSchema = key('result_schema', "JSON Schema 2020-12 of the step's result; enforced", jsonSchema);
export const environment = key('environment', 'variables of the function', variables);
export const secrets = key('secrets', 'secrets that the handler may read', places);
export const permissions = key('permissions', "IAM statements of the step's function", statements);
export const needs = key('needs', 'earlier partitions that the step reads, see "Needs"', window);
export const type = key('type', '`standard`; the other types of Tasker are not supported yet', stepType);

const timeoutIn = (unit: 's' | 'ms' | 'm', suffix: string, means: string): Key<number> =>
  alias(`timeout_${suffix}`, ['timeout'], { read: wholeSeconds(unit, 'the time-out'), means });

/** Keys of a step. */
export const stepKeys: KeyTable = {
  of: 'a step',
  keys: [
    name,
    description,
    {
      name: 'handler',
      means: 'what runs: a mapping, or its `callable` alone; required unless there is `sql`',
      shape: handler,
    },
    alias('handler_class', ['handler', 'callable'], { read: text }),
    alias('handler_config', ['handler', 'initialization'], { read: freeMapping }),
    { name: 'sql', means: 'what runs instead of a handler, see "SQL"', shape: sql },
    { name: 'outputs', means: 'datasets that the step writes, by name, see "Output"', shape: outputs },
    dependencies,
    alias('depends_on', ['dependencies'], { ...dependencies, means: 'the same' }),
    alias('depends_on_step', ['dependencies'], { read: texts, shape: stepNames }),
    alias('depends_on_steps', ['dependencies'], { read: texts, shape: stepNames }),
    needs,
    triggerRule,
    optional,
    { name: 'retry', means: 'see "Retry"', shape: retry },
    alias('retryable', ['retry', 'retryable'], { ...retryable, means: 'the same as `retry.retryable`' }),
    alias('default_retryable', ['retry', 'retryable'], { read: flag }),
    alias('default_retry_limit', ['retry', 'max_attempts'], { read: maxAttempts.read }),
    alias('retry_limit', ['retry', 'max_attempts'], { read: maxAttempts.read }),
    alias('retry_backoff', ['retry', 'backoff'], { read: backoff.read }),
    timeout,
    timeoutIn('s', 'seconds', 'the same in seconds'),
    timeoutIn('ms', 'ms', 'the same in milliseconds'),
    timeoutIn('m', 'minutes', 'the same in minutes'),
    memoryMb,
    ephemeralStorageMb,
    severity,
    deadline,
    expectedDuration,
    resultSchema,
    environment,
    secrets,
    permissions,
    type,
    alias('step_type', ['type'], { ...type, means: "Tasker's other name" }),
    later('when', 'condition on input and upstream results', 'let the handler decide'),
    later('for_each', 'chunks that run side by side'),
    later('compute', '`lambda` or `fargate`', 'every step runs on Lambda'),
    later('checks', 'checks of the data', 'write them under "outputs.<dataset>.checks"'),
    later('wait_for', 'something outside that must be there first'),
    later('network', 'VPC of the function'),
    later('system_dependency', 'the external system that the step calls', 'leave it out'),
    later('publishes_events', 'events that the step publishes', 'leave it out, or let the handler send them'),
    later('lifecycle', "Tasker's limits on the step", 'use "timeout" and "retry"'),
    later('batch_config', "Tasker's batches"),
    later('composition', "Tasker's grammar steps", 'write a handler'),
    noEffect('custom_events', 'Tasker 1: events that the handler publishes', 'let the handler send them'),
    noEffect('dependent_system', "Tasker 1: the system's label", 'leave it out'),
    noEffect('skippable', 'Tasker 1', '"optional: true" lets the run succeed when the step fails'),
  ],
};

const overridden: KeyTable['keys'] = stepKeys.keys
  .filter((key) => key.name !== 'name')
  .map(({ required: _, ...key }) => key);

/** Keys of `defaults`: those of a step that several steps can share. */
export const defaultKeys: KeyTable = {
  of: '"defaults"',
  keys: overridden.filter((key) => key.name !== 'dependencies' && key.aliasOf?.[0] !== 'dependencies'),
};

/** Keys of an override in an environment: those of a step, and the step's name or ALL. */
export const overrideKeys: KeyTable = {
  of: 'an override',
  keys: [key('name', 'name of a step, or `ALL`', text, { required: true }), ...overridden],
};
