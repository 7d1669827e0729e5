import { expect, test } from 'vitest';
import { parse } from './parse.ts';

const codes = (schedule: string) => parse(`name: p\nsteps: [{ name: a, handler: a }]\nschedule: ${schedule}\n`).codes;

test('a schedule has exactly one of cron and rate', () => {
  expect(codes('{ timezone: UTC }')).toEqual(['BAD_SCHEDULE 3:13']);
  const both = parse('name: p\nsteps: [{ name: a, handler: a }]\nschedule: { cron: "@daily", rate: 1 day }\n').found;
  expect(both).toMatchObject([{ code: 'BAD_SCHEDULE', span: { column: 29 }, related: { span: { column: 13 } } }]);
});

test('cron has to be cron', () => {
  expect(codes('{ cron: "0 25 * * *" }')).toEqual(['BAD_CRON 3:19']);
  expect(codes('{ cron: 5 }')).toEqual(['BAD_CRON 3:19']);
});

test.each(['1', 'hour', '0 hours', '1.5 hours', '1 week', '-1 hours', '1h', '30 seconds'])(
  'the rate %s is refused',
  (rate) => {
    expect(codes(`{ rate: "${rate}" }`)).toEqual(['BAD_RATE 3:19']);
  },
);

test('a rate is written as EventBridge wants it', () => {
  const expression = (rate: string) =>
    parse(`name: p\nsteps: [{ name: a, handler: a }]\nschedule: { rate: ${rate} }`).template?.schedule?.expression;
  expect(['1 hours', '15 minute', 'rate(2 days)', '1 minute'].map(expression)).toEqual([
    'rate(1 hour)',
    'rate(15 minutes)',
    'rate(2 days)',
    'rate(1 minute)',
  ]);
});

test.each(['Europe/Berln', '+02:00', 'CETT', '""', '[UTC]'])('%s is not a time zone', (zone) => {
  expect(codes(`{ rate: 1 day, timezone: ${zone} }`)).toEqual(['UNKNOWN_TIMEZONE 3:36']);
});

test('expressions in the input have to parse, wherever they stand', () => {
  const input = (value: string) => codes(`{ rate: 1 day, input: { a: { b: [${value}] } } }`);
  expect(input('"{% $yesterday(scheduled_time) %}"')).toEqual([]);
  expect(input('"plain {% text"')).toEqual([]);
  expect(input('"{% $f( %}"')).toEqual(['BAD_EXPRESSION 3:44']);
  expect(input('"{% 1 + 1"')).toEqual(['BAD_EXPRESSION 3:44']);
});

test('a time zone is written as the database of zones has it', () => {
  const zone = (name: string) =>
    parse(`name: p\nsteps: [{ name: a, handler: a }]\nschedule: { rate: 1 day, timezone: ${name} }\n`).template
      ?.schedule?.timezone;
  expect(['europe/berlin', 'utc', 'Asia/Kolkata', 'America/Port-au-Prince', 'Etc/UTC', 'Etc/GMT+2'].map(zone)).toEqual([
    'Europe/Berlin',
    'UTC',
    'Asia/Kolkata',
    'America/Port-au-Prince',
    'Etc/UTC',
    'Etc/GMT+2',
  ]);
});

test.each([
  ['PST', 'America/Los_Angeles'],
  ['US/Pacific', 'America/Los_Angeles'],
  ['est5edt', 'America/New_York'],
  ['GMT', 'UTC'],
  ['Etc/GMT+20', 'a name like Europe/Berlin'],
  ['+02:00', 'a name like Europe/Berlin'],
  ['Europe/Berln', 'did you mean "Europe/Berlin"'],
])('EventBridge Scheduler does not take the zone %s; the message says %s', (zone, instead) => {
  const { found } = parse(
    `name: p\nsteps: [{ name: a, handler: a }]\nschedule: { rate: 1 day, timezone: "${zone}" }\n`,
  );
  expect(found).toMatchObject([{ code: 'UNKNOWN_TIMEZONE', message: expect.stringContaining(instead) }]);
});
