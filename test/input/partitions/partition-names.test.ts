import { expect, test } from 'vitest';
import type { PartitionKind, PartitionRule } from '../../../lib/input/partitions/partition.ts';
import { partitionsFrom } from '../../../lib/input/partitions/partition-list.ts';
import { lastComplete, partitionAt, partitionNamed } from '../../../lib/input/partitions/partition-names.ts';
import { sized } from '../../support/sized.ts';

const berlin = (by: PartitionKind, start?: string): PartitionRule => ({ by, timezone: 'Europe/Berlin', start });

test.each([
  ['day', '2026-11-29', '2026-11-28T23:00:00Z', '2026-11-29T23:00:00Z'],
  // 23 and 25 hours.
  ['day', '2026-03-29', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
  ['day', '2026-10-25', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
  ['week', '2026-W48', '2026-11-22T23:00:00Z', '2026-11-29T23:00:00Z'],
  // The week of January 1st 2027, a Friday, is the last of 2026.
  ['week', '2026-W53', '2026-12-27T23:00:00Z', '2027-01-03T23:00:00Z'],
  ['week', '2026-W01', '2025-12-28T23:00:00Z', '2026-01-04T23:00:00Z'],
  ['month', '2026-02', '2026-01-31T23:00:00Z', '2026-02-28T23:00:00Z'],
  ['month', '2026-10', '2026-09-30T22:00:00Z', '2026-10-31T23:00:00Z'],
  ['hour', '2026-11-29T13', '2026-11-29T12:00:00Z', '2026-11-29T13:00:00Z'],
  ['hour', '2026-10-25T02+02:00', '2026-10-25T00:00:00Z', '2026-10-25T01:00:00Z'],
  ['hour', '2026-10-25T02+01:00', '2026-10-25T01:00:00Z', '2026-10-25T02:00:00Z'],
  ['hour', '2026-03-29T03', '2026-03-29T01:00:00Z', '2026-03-29T02:00:00Z'],
] as const)('the %s %s begins and ends when the clock of Berlin says so', (by, name, start, end) => {
  expect(partitionNamed(name, berlin(by))).toEqual({ name, start, end });
});

test.each([
  ['day', '2026-02-30', 'is no day of the calendar'],
  ['day', '2026-2-3', 'is no day; write it like "2026-11-29"'],
  ['day', '2026-11-29T13', 'is no day; write it like "2026-11-29"'],
  ['day', ' 2026-11-29', 'is no day; write it like "2026-11-29"'],
  ['day', '2026-11-29\n', 'is no day; write it like "2026-11-29"'],
  ['day', '1969-12-31', 'lies before 1970'],
  ['week', '2025-W53', 'is no week: 2025 has the weeks W01 to W52'],
  ['week', '2026-W00', 'is no week: 2026 has the weeks W01 to W53'],
  ['month', '2026-13', 'is no month; write it like "2026-11"'],
  ['month', '2026-00', 'is no month; write it like "2026-11"'],
  ['hour', '2026-02-30T01', 'is no hour: "2026-02-30" is no day of the calendar'],
  ['hour', '2026-11-29T24', 'is no hour; write it like "2026-11-29T13"'],
  ['hour', '2026-03-29T02', 'does not exist in Europe/Berlin, whose clock skipped it'],
  ['hour', '2026-10-25T02', 'exists twice in Europe/Berlin: write "2026-10-25T02+02:00" or "2026-10-25T02+01:00"'],
  ['hour', '2026-11-29T13+01:00', 'is not its name in Europe/Berlin: write "2026-11-29T13"'],
] as const)('the %s %s is refused with its reason', (by, name, problem) => {
  expect(partitionNamed(name, berlin(by))).toEqual({ problem });
});

test('a day that the clock of Samoa skipped does not exist, and its neighbours meet', () => {
  const rule = { by: 'day', timezone: 'Pacific/Apia' } as const;
  expect(partitionNamed('2011-12-30', rule)).toEqual({ problem: expect.stringContaining('does not exist') });
  expect(partitionNamed('2011-12-29', rule)).toMatchObject({ end: '2011-12-30T10:00:00Z' });
  expect(partitionNamed('2011-12-31', rule)).toMatchObject({ start: '2011-12-30T10:00:00Z' });
});

test('nothing lies before the first partition', () => {
  expect(partitionNamed('2026-01-01', berlin('day', '2026-01-01'))).toHaveProperty('start');
  expect(partitionNamed('2025-12-31', berlin('day', '2026-01-01'))).toEqual({
    problem: 'lies before the first day of the pipeline, "2026-01-01"',
  });
});

test.each([
  // A start at 01:00 in Berlin works on the day before; a start in the last second of a day on the day before that one.
  ['day', '2026-11-30T00:00:00Z', '2026-11-29'],
  ['day', '2026-11-29T22:59:59Z', '2026-11-28'],
  ['day', '2026-11-29T23:00:00Z', '2026-11-29'],
  ['hour', '2026-10-25T01:30:00Z', '2026-10-25T02+02:00'],
  ['hour', '2026-10-25T02:00:00Z', '2026-10-25T02+01:00'],
  ['hour', '2026-03-29T01:00:00Z', '2026-03-29T01'],
  ['week', '2026-11-30T00:00:00Z', '2026-W48'],
  ['month', '2027-01-15T00:00:00Z', '2026-12'],
] as const)('the last complete %s at %s is %s', (by, moment, name) => {
  expect(lastComplete(Date.parse(moment), berlin(by)).name).toBe(name);
});

/** Zones whose clocks change at midnight, by half an hour, by a day, back over midnight, or not at all; a month around a change in each. */
const zones: readonly (readonly [zone: string, around: string])[] = [
  ['UTC', '2026-03-01'],
  ['Europe/Berlin', '2026-10-25'],
  ['Europe/Berlin', '2026-03-29'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['America/Havana', '2026-11-01'],
  ['America/Havana', '2026-03-08'],
  ['America/Sao_Paulo', '2018-02-18'],
  ['America/Sao_Paulo', '2018-11-04'],
  ['America/St_Johns', '2010-11-07'],
  ['Pacific/Apia', '2011-12-30'],
  ['Asia/Kathmandu', '2026-05-01'],
  ['Africa/Casablanca', '2026-02-15'],
];

test.each(zones)('in %s around %s partitions tile time, and each has one name', (timezone, around) => {
  const days = sized(3, 20);
  const [from, to] = [-days, days].map((n) => Date.parse(around) + n * 86_400_000) as [number, number];
  for (const by of ['hour', 'day', 'week', 'month'] as const) {
    const rule = { by, timezone };
    const names = new Set<string>();
    let end: string | null = null;
    for (let at = from; at < to; ) {
      const found = partitionAt(at, rule);
      expect(Date.parse(found.start)).toBeLessThanOrEqual(at);
      expect(Date.parse(found.end)).toBeGreaterThan(at);
      if (end !== null) expect(found.start).toBe(end);
      expect(partitionNamed(found.name, rule)).toEqual(found);
      expect(names).not.toContain(found.name);
      // A moment inside gives the same one.
      expect(partitionAt(Date.parse(found.end) - 1, rule)).toEqual(found);
      names.add(found.name);
      end = found.end;
      at = Date.parse(found.end);
    }
  }
});

test.each(zones)('in %s around %s each moment lies in the partition that it finds', (timezone, around) => {
  const rule = { by: 'day', timezone } as const;
  // Also a clock that goes back over midnight shows the day before again.
  for (let at = Date.parse(around) - 14 * 3_600_000; at < Date.parse(around) + 36 * 3_600_000; at += 30 * 60_000) {
    const { start, end } = partitionAt(at, rule);
    expect(at).toBeGreaterThanOrEqual(Date.parse(start));
    expect(at).toBeLessThan(Date.parse(end));
  }
});

test('a list has every partition from the first to the last, in order', () => {
  const [from, to] = ['2026-10-24', '2026-10-27'].map((name) => partitionNamed(name, berlin('day')));
  if (!from || !to || 'problem' in from || 'problem' in to) throw new Error('both exist');
  const names = (a: typeof from, b: typeof to) => [...partitionsFrom(a, b, berlin('day'))].map(({ name }) => name);
  expect(names(from, to)).toEqual(['2026-10-24', '2026-10-25', '2026-10-26', '2026-10-27']);
  expect(names(from, from)).toEqual(['2026-10-24']);
  expect(names(to, from)).toEqual([]);
  const hours = ['2026-10-25T01', '2026-10-25T03'].map((name) => partitionNamed(name, berlin('hour')));
  const [first, last] = hours;
  if (!first || !last || 'problem' in first || 'problem' in last) throw new Error('both exist');
  expect([...partitionsFrom(first, last, berlin('hour'))].map(({ name }) => name)).toEqual([
    '2026-10-25T01',
    '2026-10-25T02+02:00',
    '2026-10-25T02+01:00',
    '2026-10-25T03',
  ]);
});
