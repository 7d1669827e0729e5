import type { Jitter } from '../template.ts';
import { alias, type Key, type KeyTable, key, noEffect, type Reader, takes } from './key-table.ts';
import { wholeSeconds } from './read-duration.ts';
import { flag, oneOf, wholeNumber } from './read-value.ts';

/** More attempts than this would be a loop, not a retry; Tasker has the same bound. */
const mostAttempts = 100;

const countOfAttempts = wholeNumber(1, mostAttempts, '; the first attempt counts, so 1 means no retry');

/** Tasker always makes the first attempt, so 0 means 1 there. */
const attempts: Reader<number> = takes(
  { type: 'integer', minimum: 0, maximum: mostAttempts },
  (value, reading, key) => {
    if (value.kind !== 'scalar' || value.value !== 0) return countOfAttempts(value, reading, key);
    const message = 'the first attempt counts, so there is always one; the effective value of 0 attempts is 1';
    reading.say('VALUE_ROUNDED', value.range, message);
    return 1;
  },
);

const jitterText = oneOf(['full', 'none']);

const jitterKind: Reader<Jitter> = takes({ enum: ['full', 'none', true, false] }, (value, reading, key) =>
  value.kind === 'scalar' && typeof value.value === 'boolean'
    ? value.value
      ? 'full'
      : 'none'
    : jitterText(value, reading, key),
);

/** A delay in whole seconds, at least one, as Step Functions waits; under the names that name its unit, too. */
const delayKeys = (delay: Key<number>, tasker: string, what: string): Key<number>[] => {
  const inUnit = (name: string, unit: 's' | 'ms' | 'm', means: string): Key<number> =>
    alias(name, [delay.name], { read: wholeSeconds(unit, what), means });
  return [
    delay,
    inUnit(`${delay.name}_seconds`, 's', 'the same in seconds'),
    inUnit(`${delay.name}_ms`, 'ms', 'the same in milliseconds'),
    inUnit(`${delay.name}_minutes`, 'm', 'the same in minutes'),
    inUnit(tasker, 'ms', "Tasker's name for it, in milliseconds"),
  ];
};

export const retryable = key('retryable', '`false`: one attempt, and no other key changes that', flag);
export const maxAttempts = key('max_attempts', 'attempts in all, the first included', attempts);
export const backoff = key(
  'backoff',
  'how the delay grows: `none`, `linear`, `exponential` or `fibonacci`',
  oneOf(['none', 'linear', 'exponential', 'fibonacci']),
);
export const initialDelay = key('initial_delay', 'before the second attempt', wholeSeconds('s', 'the first delay'));
export const maxDelay = key('max_delay', 'the longest delay', wholeSeconds('s', 'the longest delay'));
export const jitter = key('jitter', '`full` or `true` (a random part of the delay), `none` or `false`', jitterKind);
export const platformAttempts = key(
  'platform_attempts',
  'the same for faults of the platform, counted apart; 6',
  attempts,
);
export const timeoutAttempts = key(
  'timeout_attempts',
  'the same for time-outs, counted apart; as many as `max_attempts`',
  attempts,
);

/** Keys of `retry`. */
export const retryKeys: KeyTable = {
  of: '"retry"',
  keys: [
    retryable,
    maxAttempts,
    alias('limit', ['max_attempts'], { ...maxAttempts, means: "Tasker's older name" }),
    backoff,
    ...delayKeys(initialDelay, 'backoff_base_ms', 'the first delay'),
    ...delayKeys(maxDelay, 'max_backoff_ms', 'the longest delay'),
    jitter,
    platformAttempts,
    timeoutAttempts,
    noEffect('backoff_seconds', 'a list of delays that Tasker drops', 'write "initial_delay" and "max_delay"'),
  ],
};
