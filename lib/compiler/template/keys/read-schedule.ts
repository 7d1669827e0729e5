import { describe, quote, type Tree } from '../tree/tree.ts';
import { eventBridgeCron } from './eventbridge-cron.ts';
import type { KeyTable, ReadValue } from './key-table.ts';
import { checkExpressions } from './read-expression.ts';
import { readMapping } from './read-mapping.ts';
import { flag, freeMapping } from './read-value.ts';
import { timeZone } from './time-zones.ts';

const cron: ReadValue = (value, reading) => {
  if (value.kind !== 'scalar' || typeof value.value !== 'string') {
    reading.say(
      'BAD_CRON',
      value.range,
      `"cron" is text of five fields, but this is ${describe(value)}; put it in quotation marks`,
    );
    return null;
  }
  const result = eventBridgeCron(value.value);
  if (typeof result !== 'string') return value;
  reading.say('BAD_CRON', value.range, `the cron expression ${quote(value.value)} cannot be used: ${result}`);
  return null;
};

const rate: ReadValue = (value, reading) => {
  const text = value.kind === 'scalar' ? value.text : '';
  const parts = /^(?:rate\()?\s*([1-9]\d{0,4})\s*(minute|hour|day)s?\s*\)?$/.exec(text);
  if (parts)
    return { ...value, kind: 'scalar', text, value: `rate(${parts[1]} ${parts[2]}${parts[1] === '1' ? '' : 's'})` };
  const what = value.kind === 'scalar' ? quote(text) : describe(value);
  reading.say('BAD_RATE', value.range, `"rate" is ${what}; write a number and minutes, hours or days, like 1 hour`);
  return null;
};

const timezone: ReadValue = (value, reading) => {
  const text = value.kind === 'scalar' ? value.text : '';
  const found = timeZone(text);
  if ('zone' in found) return { ...value, value: found.zone } as Tree;
  const message = `${quote(text)} is not a time zone that EventBridge Scheduler takes${found.hint}`;
  reading.say('UNKNOWN_TIMEZONE', value.range, message);
  return null;
};

/** Text in the input may be `{% JSONata %}`; Prepare evaluates it, so it has to parse. */
const input: ReadValue = (value, reading, key) => {
  const checked = freeMapping(value, reading, key);
  if (checked) checkExpressions(checked, reading);
  const reserved = value.kind === 'map' ? value.entries.get('daybreak') : undefined;
  if (reserved) {
    const message =
      '"daybreak" is not part of the input: it belongs to the command line and to the machine; leave it out';
    reading.say('BAD_VALUE', reserved.key, message);
  }
  return checked;
};

/** Keys of `schedule`. */
export const scheduleKeys: KeyTable = {
  of: 'a schedule',
  keys: [
    {
      name: 'cron',
      means: 'five fields (minute, hour, day of month, month, day of week) or a nickname like `@daily`',
      read: cron,
    },
    { name: 'rate', means: 'instead of `cron`: `1 hour`, `15 minutes`, `2 days`', read: rate },
    { name: 'timezone', means: 'IANA name of the zone that `cron` is meant in', read: timezone },
    { name: 'enabled', means: '`false`: deployed, but does not start anything', read: flag },
    {
      name: 'input',
      means: 'input of a scheduled start; text may be `{% JSONata %}` over `scheduled_time`',
      read: input,
    },
  ],
};

/** When the pipeline starts by itself. */
export const schedule: ReadValue = (value, reading) => {
  const read = readMapping(value, scheduleKeys, reading);
  if (read === null || value.kind !== 'map') return null;
  const [byCron, byRate] = [value.entries.get('cron'), value.entries.get('rate')];
  if (byCron && byRate) {
    const message = 'a schedule has either "cron" or "rate", not both';
    reading.say('BAD_SCHEDULE', byRate.key, message, { message: '"cron" is given here', at: byCron.key });
  } else if (!byCron && !byRate) {
    const first = value.entries.values().next().value;
    reading.say('BAD_SCHEDULE', first?.key ?? value.range, 'a schedule needs "cron" or "rate"');
  }
  return read.entries.has('cron') !== read.entries.has('rate') ? read : null;
};
