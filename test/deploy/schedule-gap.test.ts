import { expect, test } from 'vitest';
import { longestGapMinutes } from '../../lib/deploy/schedule/schedule-gap.ts';

const hour = 60;
const day = 24 * hour;

test.each([
  ['rate(1 hour)', hour],
  ['rate(15 minutes)', 15],
  ['rate(2 days)', 2 * day],
])('%s starts every %i minutes', (expression, gap) => {
  expect(longestGapMinutes(expression)).toBe(gap);
});

test.each([
  ['cron(0 1 * * ? *)', day, 'nightly'],
  ['cron(0/15 * * * ? *)', 15, 'every quarter of an hour'],
  ['cron(0 8-18/2 * * ? *)', 14 * hour, 'the night between 18:00 and 8:00'],
  ['cron(30 8,20 * * ? *)', 12 * hour, 'twice a day'],
  ['cron(0 6 ? * 2-6 *)', 3 * day, 'the weekend'],
  ['cron(0 6 ? * 1,7 *)', 6 * day, 'the week, when it runs at weekends'],
  ['cron(0 6 ? * 2 *)', 7 * day, 'weekly'],
  ['cron(0 6 1 * ? *)', 31 * day, 'a long month'],
  ['cron(0 6 31 * ? *)', 61 * day, 'from May 31 over June to July 31'],
  ['cron(0 6 1 1,7 ? *)', 184 * day, 'from July to January'],
  ['cron(0 6 29 2 ? *)', (4 * 365 + 1) * day, 'leap years'],
])('%s has a gap of %i minutes, and an hour for daylight saving: %s', (expression, gap) => {
  expect(longestGapMinutes(expression)).toBe(gap + hour);
});
