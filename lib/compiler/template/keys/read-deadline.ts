import type { DeadlineTemplate } from '../template.ts';
import { describe, quote } from '../tree/tree.ts';
import { type Key, type KeyTable, type Reader, take, takes } from './key-table.ts';
import { readMapping, requireKeys } from './read-mapping.ts';
import { zoneName } from './read-schedule.ts';
import { oneOf } from './read-value.ts';

const timeForm = /^([01]?\d|2[0-3]):([0-5]\d)$/;

/** Minutes after midnight. */
const timeOfDay: Reader<number> = takes({ type: 'string', pattern: timeForm.source }, (value, reading, key) => {
  const text = value.kind === 'scalar' ? value.text : '';
  const [, hours, minutes] = timeForm.exec(text) ?? [];
  if (hours !== undefined) return Number(hours) * 60 + Number(minutes);
  const what = value.kind === 'scalar' ? quote(text) : describe(value);
  const advice = text === '24:00' ? 'write "00:00"' : 'write a time of day like "07:00"';
  reading.say('BAD_DEADLINE', value.range, `"${key}" is ${what}; ${advice}`);
  return null;
});

const readyBy = {
  name: 'ready_by',
  means: 'time of day, like `"07:00"`: the next such moment after a scheduled start',
  required: true,
  read: timeOfDay,
} satisfies Key;

const timezone = {
  name: 'timezone',
  means: 'IANA name of the zone that `ready_by` is meant in; that of the schedule when left out',
  read: zoneName,
} satisfies Key;

const severity = {
  name: 'severity',
  means: '`critical`, `high` (default), `medium` or `low`: how bad a miss is',
  read: oneOf(['critical', 'high', 'medium', 'low']),
} satisfies Key;

const atRisk = {
  name: 'at_risk',
  means: 'who hears that the deadline is in danger: `page` a person, `team` (default), `digest`, or `none`',
  read: oneOf(['page', 'team', 'digest', 'none']),
} satisfies Key;

/** Keys of `deadline`. */
export const deadlineKeys: KeyTable = { of: '"deadline"', keys: [readyBy, timezone, severity, atRisk] };

/** The deadline of a pipeline or of a step. */
export const deadline: Reader<DeadlineTemplate> = takes(
  (of) => of(deadlineKeys),
  (value, reading) => {
    const map = readMapping(value, deadlineKeys, reading);
    if (map === null) return null;
    requireKeys(value, deadlineKeys, reading);
    const time = take(map, readyBy, reading);
    const read = {
      timezone: take(map, timezone, reading),
      severity: take(map, severity, reading),
      atRisk: take(map, atRisk, reading),
    };
    return time === null ? null : { readyBy: time, ...read };
  },
);
