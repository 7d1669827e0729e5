import { expect, test } from 'vitest';
import { parseCron } from '../../lib/compiler/template/schedule/cron-fields.ts';
import { longestGapMinutes } from '../../lib/input/schedule-times.ts';

const hour = 60;
const day = 24 * hour;

test.each([
  ['0 1 * * *', day, 'nightly'],
  ['*/15 * * * *', 15, 'every quarter of an hour'],
  ['0 8-18/2 * * *', 14 * hour, 'the night between 18:00 and 8:00'],
  ['30 8,20 * * *', 12 * hour, 'twice a day'],
  ['0 6 * * 1-5', 3 * day, 'the weekend'],
  ['0 6 * * 0,6', 6 * day, 'the week, when it runs at weekends'],
  ['0 6 * * 1', 7 * day, 'weekly'],
  ['0 6 1 * *', 31 * day, 'a long month'],
  ['0 6 31 * *', 61 * day, 'from May 31 over June to July 31'],
  ['0 6 1 1,7 *', 184 * day, 'from July to January'],
  ['0 6 29 2 *', (4 * 365 + 1) * day, 'leap years'],
])('%s has a gap of %i minutes, and an hour for daylight saving: %s', (expression, gap) => {
  const times = parseCron(expression);
  expect(typeof times === 'string' ? times : longestGapMinutes(times)).toBe(gap + hour);
});
