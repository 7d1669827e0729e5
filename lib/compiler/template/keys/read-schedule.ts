import type { JsonObject } from '../../../contract/json.ts';
import { eventBridgeCron, type TranslatedCron } from '../schedule/eventbridge-cron.ts';
import { timeZone } from '../schedule/time-zones.ts';
import type { ScheduleTemplate } from '../template.ts';
import { describe, quote } from '../tree/tree.ts';
import { type Key, type KeyTable, type Reader, take, takes } from './key-table.ts';
import { checkExpressions } from './read-expression.ts';
import { readMapping } from './read-mapping.ts';
import { flag, freeMapping } from './read-value.ts';

const cronText: Reader<TranslatedCron> = takes({ type: 'string' }, (value, reading) => {
  if (value.kind !== 'scalar' || typeof value.value !== 'string') {
    const message = `"cron" is text of five fields, but this is ${describe(value)}; put it in quotation marks`;
    reading.say('BAD_CRON', value.range, message);
    return null;
  }
  const result = eventBridgeCron(value.value);
  if (typeof result !== 'string') return result;
  reading.say('BAD_CRON', value.range, `the cron expression ${quote(value.value)} cannot be used: ${result}`);
  return null;
});

const rateForm = /^(?:rate\()?\s*([1-9]\d{0,4})\s*(minute|hour|day)s?\s*\)?$/;

const rateText: Reader<string> = takes({ type: 'string', pattern: rateForm.source }, (value, reading) => {
  const text = value.kind === 'scalar' ? value.text : '';
  const parts = rateForm.exec(text);
  if (parts) return `rate(${parts[1]} ${parts[2]}${parts[1] === '1' ? '' : 's'})`;
  const what = value.kind === 'scalar' ? quote(text) : describe(value);
  reading.say('BAD_RATE', value.range, `"rate" is ${what}; write a number and minutes, hours or days, like 1 hour`);
  return null;
});

/** A time zone as EventBridge Scheduler takes it. */
export const zoneName: Reader<string> = takes({ type: 'string' }, (value, reading) => {
  const text = value.kind === 'scalar' ? value.text : '';
  const found = timeZone(text);
  if ('zone' in found) return found.zone;
  const message = `${quote(text)} is not a time zone that EventBridge Scheduler takes${found.hint}`;
  reading.say('UNKNOWN_TIMEZONE', value.range, message);
  return null;
});

/** Text in the input may be `{% JSONata %}`; Prepare evaluates it, so it has to parse. */
const startInput: Reader<JsonObject> = takes({ type: 'object' }, (value, reading, key) => {
  checkExpressions(value, reading);
  const reserved = value.kind === 'map' ? value.entries.get('daybreak') : undefined;
  if (reserved) {
    const message =
      '"daybreak" is not part of the input: it belongs to the command line and to the machine; leave it out';
    reading.say('BAD_VALUE', reserved.key, message);
  }
  return freeMapping(value, reading, key);
});

const cron = {
  name: 'cron',
  means: 'five fields (minute, hour, day of month, month, day of week) or a nickname like `@daily`',
  read: cronText,
} satisfies Key;

const rate = {
  name: 'rate',
  means: 'instead of `cron`: `1 hour`, `15 minutes`, `2 days`',
  read: rateText,
} satisfies Key;

const timezone = {
  name: 'timezone',
  means: 'IANA name of the zone that `cron` is meant in',
  read: zoneName,
} satisfies Key;

const enabled = { name: 'enabled', means: '`false`: deployed, but does not start anything', read: flag } satisfies Key;

const input = {
  name: 'input',
  means: 'input of a scheduled start; text may be `{% JSONata %}` over `scheduled_time`',
  read: startInput,
} satisfies Key;

/** Keys of `schedule`. */
export const scheduleKeys: KeyTable = {
  of: 'a schedule',
  keys: [cron, rate, timezone, enabled, input],
  rule: { oneOf: [{ required: ['cron'] }, { required: ['rate'] }] },
};

/** The times at which the pipeline starts by itself. */
export const schedule: Reader<ScheduleTemplate> = takes(
  (of) => of(scheduleKeys),
  (value, reading) => {
    const map = readMapping(value, scheduleKeys, reading);
    if (map === null || value.kind !== 'map') return null;
    const [byCron, byRate] = [value.entries.get('cron'), value.entries.get('rate')];
    if (byCron && byRate) {
      const message = 'a schedule has either "cron" or "rate", not both';
      reading.say('BAD_SCHEDULE', byRate.key, message, { message: '"cron" is given here', at: byCron.key });
    } else if (!byCron && !byRate) {
      const first = value.entries.values().next().value;
      reading.say('BAD_SCHEDULE', first?.key ?? value.range, 'a schedule needs "cron" or "rate"');
    }
    const [times, every] = [take(map, cron, reading), take(map, rate, reading)];
    const read = {
      times: times?.times ?? null,
      timezone: take(map, timezone, reading),
      enabled: take(map, enabled, reading),
      input: take(map, input, reading) ?? {},
    };
    const expression = times?.expression ?? every;
    return expression === null || (byCron && byRate) ? null : { expression, ...read };
  },
);
