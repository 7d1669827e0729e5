import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { occurrencesBetween } from '../../lib/input/deadline-times.ts';

const program = fileURLToPath(new URL('deadline_times.py', import.meta.url));
const hasPython = spawnSync('python3', ['-c', 'import zoneinfo; zoneinfo.ZoneInfo("Asia/Kolkata")']).status === 0;
const skipped = 'python3 with its time zone database is missing: there is no independent calculation';

const every = (count: number, first = 0): number[] => Array.from({ length: count }, (_, index) => first + index);
const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'];

/** [hours of the starts, minute, weekdays, ready by]; all are quarters of an hour, as the other program counts. */
const schedules: readonly (readonly [readonly number[], number, readonly number[], number])[] = [
  [[1], 0, every(7), 7 * 60],
  [[22], 30, [1, 2, 3, 4, 5], 2 * 60 + 30],
  [[2], 15, [1, 2, 3, 4, 5, 6, 0], 2 * 60 + 15],
  [[1], 30, [0, 1], 1 * 60 + 45],
  [every(24), 0, [1, 3, 5], 6 * 60 + 30],
  [[6, 18], 0, [2, 4], 0],
  [[23], 45, [6], 23 * 60 + 45],
];

describe.skipIf(!hasPython)(`deadlines against zoneinfo${hasPython ? '' : ` (${skipped})`}`, () => {
  test.each(zones)('of every start of two years, %s', (zone) => {
    const [from, to] = [Date.UTC(2026, 0, 5) / 60_000, Date.UTC(2028, 0, 5) / 60_000];
    const cases = schedules.flatMap(([hours, minute, weekdays, readyBy], index) =>
      // The schedule may be in another zone than its deadline.
      [zone, ...(index === 0 ? ['UTC', 'Pacific/Auckland'] : [])].map((startsZone) => ({
        zone,
        starts_zone: startsZone,
        weekdays,
        hours,
        minute,
        ready_by: readyBy,
        from,
        to,
      })),
    );
    const input = cases.map((one) => JSON.stringify(one)).join('\n');
    const { stdout, status } = spawnSync('python3', [program], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
    expect(status).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(cases.length);
    for (const [index, one] of cases.entries()) {
      const times = {
        minutes: [one.minute],
        hours: one.hours,
        daysOfMonth: every(31, 1),
        months: every(12, 1),
        daysOfWeek: one.weekdays,
      };
      // Two days at each end, where one of the two may lack the start or the deadline.
      const [first, last] = [from + 4 * 1_440, to - 4 * 1_440];
      const expected = (JSON.parse(lines[index] ?? '[]') as [number, number][]).filter(
        ([, moment]) => moment >= first && moment <= last,
      );
      const found = occurrencesBetween(
        { times, timezone: one.starts_zone },
        { ready_by: one.ready_by, timezone: zone },
        { from: first * 60_000, to: last * 60_000 },
      ).map(({ start, readyBy }) => [start / 60_000, readyBy / 60_000]);
      expect(expected.length).toBeGreaterThan(90);
      expect(found, JSON.stringify(one)).toEqual(expected);
    }
  });
});
