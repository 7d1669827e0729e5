import type { Tree } from '../tree/tree.ts';
import type { Key, KeyTable, ReadValue } from './key-table.ts';
import { duration } from './read-duration.ts';
import { permissions, secrets, variables } from './read-function-settings.ts';
import { readMapping } from './read-mapping.ts';
import { outputs } from './read-outputs.ts';
import { jsonSchema } from './read-schema.ts';
import { sql } from './read-sql.ts';
import { flag, freeMapping, name, oneOf, stepNames, text, wholeNumber } from './read-value.ts';

/** Keys of `handler`. */
export const handlerKeys: KeyTable = {
  of: 'a handler',
  keys: [
    { name: 'callable', means: 'the file and export that run, see "Names"', read: text },
    { name: 'method', means: 'name of the export; `handler` when left out', read: text },
    { name: 'initialization', means: 'free mapping that the handler sees as `step.config`', read: freeMapping },
    {
      name: 'resolver',
      means: "Tasker's choice of a resolver",
      status: 'no effect',
      instead: '"callable" says where the handler is',
    },
  ],
};

/** A mapping, or the callable alone. */
const handler: ReadValue = (value, reading) => {
  if (value.kind !== 'scalar') return readMapping(value, handlerKeys, reading);
  const callable = { written: 'handler', key: value.range, value: { ...value, value: value.text } };
  return { kind: 'map', entries: new Map([['callable', callable]]), range: value.range };
};

/** More attempts than this would be a loop, not a retry; Tasker has the same bound. */
const mostAttempts = 100;

const attempts: ReadValue = (value, reading, key) => {
  // Tasker always makes the first attempt, so 0 means 1 there; the warning is given where the step is built.
  if (value.kind === 'scalar' && value.value === 0) return value;
  return wholeNumber(1, mostAttempts, '; the first attempt counts, so 1 means no retry')(value, reading, key);
};

const jitter: ReadValue = (value, reading, key) =>
  value.kind === 'scalar' && typeof value.value === 'boolean'
    ? { ...value, value: value.value ? 'full' : 'none' }
    : oneOf(['full', 'none'])(value, reading, key);

const delayKeys = (delay: string, tasker: string, means: string): Key[] => [
  { name: delay, means, read: duration('s') },
  { name: `${delay}_seconds`, means: 'the same in seconds', aliasOf: [delay], read: duration('s') },
  { name: `${delay}_ms`, means: 'the same in milliseconds', aliasOf: [delay], read: duration('ms') },
  { name: `${delay}_minutes`, means: 'the same in minutes', aliasOf: [delay], read: duration('m') },
  { name: tasker, means: "Tasker's name for it, in milliseconds", aliasOf: [delay], read: duration('ms') },
];

const later = (key: string, means: string, instead?: string): Key => ({
  name: key,
  means,
  status: 'later',
  ...(instead !== undefined && { instead }),
});

/** Keys of `retry`. */
export const retryKeys: KeyTable = {
  of: '"retry"',
  keys: [
    { name: 'retryable', means: '`false`: one attempt, whatever else is said', read: flag },
    { name: 'max_attempts', means: 'attempts in all, the first included', read: attempts },
    { name: 'limit', means: "Tasker's older name", aliasOf: ['max_attempts'], read: attempts },
    {
      name: 'backoff',
      means: 'how the delay grows: `none`, `linear`, `exponential` or `fibonacci`',
      read: oneOf(['none', 'linear', 'exponential', 'fibonacci']),
    },
    ...delayKeys('initial_delay', 'backoff_base_ms', 'before the second attempt'),
    ...delayKeys('max_delay', 'max_backoff_ms', 'the longest delay'),
    { name: 'jitter', means: '`full` or `true` (a random part of the delay), `none` or `false`', read: jitter },
    { name: 'platform_attempts', means: 'the same for faults of the platform, counted apart; 6', read: attempts },
    {
      name: 'timeout_attempts',
      means: 'the same for time-outs, counted apart; as many as `max_attempts`',
      read: attempts,
    },
    {
      name: 'backoff_seconds',
      means: 'a list of delays that Tasker drops',
      status: 'no effect',
      instead: 'write "initial_delay" and "max_delay"',
    },
  ],
};

const retry: ReadValue = (value, reading) => readMapping(value, retryKeys, reading);

const stepType: ReadValue = (value, reading, key) => {
  const kinds = ['standard', 'decision', 'deferred_convergence', 'batchable', 'batch_worker'];
  const read: Tree | null = oneOf(kinds)(value, reading, key);
  if (read?.kind === 'scalar' && read.value !== 'standard')
    reading.say('NOT_YET_SUPPORTED', value.range, `the step type "${read.text}" is not supported by this version`);
  return null;
};

const stepName = name(
  'a step',
  /^(?!ALL$)[A-Za-z][A-Za-z0-9_-]*$/,
  60,
  'of letters, digits, "_" and "-", beginning with a letter ("ALL" stands for every step)',
);

/** Keys of a step. */
export const stepKeys: KeyTable = {
  of: 'a step',
  keys: [
    {
      name: 'name',
      means: 'unique in the pipeline; letters, digits, `_`, `-`; at most 60',
      required: true,
      read: stepName,
    },
    { name: 'description', means: 'for people', read: text },
    {
      name: 'handler',
      means: 'what runs: a mapping, or its `callable` alone; required unless there is `sql`',
      read: handler,
    },
    { name: 'handler_class', means: 'Tasker 1', aliasOf: ['handler', 'callable'], read: text },
    { name: 'handler_config', means: 'Tasker 1', aliasOf: ['handler', 'initialization'], read: freeMapping },
    { name: 'sql', means: 'what runs instead of a handler, see "SQL"', read: sql },
    { name: 'outputs', means: 'datasets that the step writes, by name, see "Output"', read: outputs },
    { name: 'dependencies', means: 'names of the steps that come before', read: stepNames },
    { name: 'depends_on', means: 'the same', aliasOf: ['dependencies'], read: stepNames },
    { name: 'depends_on_step', means: 'Tasker 1', aliasOf: ['dependencies'], read: stepNames },
    { name: 'depends_on_steps', means: 'Tasker 1', aliasOf: ['dependencies'], read: stepNames },
    {
      name: 'trigger_rule',
      means: '`all_success` (default), `none_failed` or `all_done`',
      read: oneOf(['all_success', 'none_failed', 'all_done']),
    },
    { name: 'optional', means: '`true`: its failure does not fail the run', read: flag },
    { name: 'retry', means: 'see "Retry"', read: retry },
    { name: 'retryable', means: 'the same as `retry.retryable`', aliasOf: ['retry', 'retryable'], read: flag },
    { name: 'default_retryable', means: 'Tasker 1', aliasOf: ['retry', 'retryable'], read: flag },
    { name: 'default_retry_limit', means: 'Tasker 1', aliasOf: ['retry', 'max_attempts'], read: attempts },
    { name: 'retry_limit', means: 'Tasker 1', aliasOf: ['retry', 'max_attempts'], read: attempts },
    {
      name: 'retry_backoff',
      means: 'Tasker 1',
      aliasOf: ['retry', 'backoff'],
      read: oneOf(['none', 'linear', 'exponential', 'fibonacci']),
    },
    { name: 'timeout', means: 'for one attempt from start to end, yields included', read: duration('s') },
    { name: 'timeout_seconds', means: 'the same in seconds', aliasOf: ['timeout'], read: duration('s') },
    { name: 'timeout_ms', means: 'the same in milliseconds', aliasOf: ['timeout'], read: duration('ms') },
    { name: 'timeout_minutes', means: 'the same in minutes', aliasOf: ['timeout'], read: duration('m') },
    {
      name: 'memory_mb',
      means: "the function's memory, 128 to 10240",
      read: wholeNumber(128, 10_240, ", Lambda's limits"),
    },
    {
      name: 'ephemeral_storage_mb',
      means: "the function's /tmp, 512 to 10240; four times `memory_mb` when left out, within these limits",
      read: wholeNumber(512, 10_240, ", Lambda's limits"),
    },
    {
      name: 'severity',
      means: '`critical`, `high`, `medium` or `low`: how bad its failure is',
      read: oneOf(['critical', 'high', 'medium', 'low']),
    },
    { name: 'result_schema', means: "JSON Schema 2020-12 of the step's result; enforced", read: jsonSchema },
    { name: 'environment', means: 'variables of the function', read: variables },
    { name: 'secrets', means: 'secrets that the handler may read', read: secrets },
    { name: 'permissions', means: "IAM statements of the step's function", read: permissions },
    { name: 'type', means: '`standard`; the other types of Tasker are not supported yet', read: stepType },
    { name: 'step_type', means: "Tasker's other name", aliasOf: ['type'], read: stepType },
    later('when', 'condition on input and upstream results', 'let the handler decide'),
    later('for_each', 'chunks that run side by side'),
    later('compute', '`lambda` or `fargate`', 'every step runs on Lambda'),
    later('checks', 'checks of the data', 'let the handler throw a ValidationError'),
    later('wait_for', 'something outside that must be there first'),
    later('network', 'VPC of the function'),
    later('system_dependency', 'the external system that the step calls', 'leave it out'),
    later('publishes_events', 'events that the step publishes', 'leave it out, or let the handler send them'),
    later('lifecycle', "Tasker's limits on the step", 'use "timeout" and "retry"'),
    later('batch_config', "Tasker's batches"),
    later('deadline', 'when the step has to be ready'),
    later('composition', "Tasker's grammar steps", 'write a handler'),
    {
      name: 'custom_events',
      means: 'Tasker 1: events that the handler publishes',
      status: 'no effect',
      instead: 'let the handler send them',
    },
    { name: 'dependent_system', means: "Tasker 1: the system's label", status: 'no effect', instead: 'leave it out' },
    {
      name: 'skippable',
      means: 'Tasker 1',
      status: 'no effect',
      instead: '"optional: true" lets the run succeed when the step fails',
    },
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
  keys: [{ name: 'name', means: 'name of a step, or `ALL`', required: true, read: text }, ...overridden],
};
