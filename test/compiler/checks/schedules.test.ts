import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkSchedule, manyStarts } from '../../../lib/compiler/checks/check-schedule.ts';
import type { Diagnostic } from '../../../lib/diagnostics/diagnostic.ts';
import { sized } from '../../support/sized.ts';
import { parse } from '../template/parse.ts';

const now = '2026-11-30T08:00:00+00:00';

const zones = [
  'UTC',
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'America/St_Johns',
  'America/Santiago',
  'America/Sao_Paulo',
  'Africa/Cairo',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
];

interface Case {
  readonly zone: string;
  readonly hour: number;
  readonly minute: number;
  /** Python's: 0 is Monday. */
  readonly weekday: number | null;
  readonly kind: 'today' | 'yesterday' | 'scheduled_time';
  readonly pattern: string;
}

/** Five for each zone: one that always fits, one that fits until the month is long, one that fits until the clock changes, one in the hour that clocks change, and one that never fits. */
const cases: readonly Case[] = zones.flatMap((zone) => [
  { zone, hour: 1, minute: 0, weekday: null, kind: 'yesterday', pattern: '^20\\d\\d-\\d\\d-\\d\\d$' },
  { zone, hour: 23, minute: 45, weekday: null, kind: 'today', pattern: '-(0[1-9]|1\\d|2[0-8])$' },
  { zone, hour: 12, minute: 0, weekday: null, kind: 'scheduled_time', pattern: `${winterOffset(zone)}$` },
  {
    zone,
    hour: zone === 'America/Santiago' || zone === 'Africa/Cairo' ? 0 : 2,
    minute: 15,
    weekday: 6,
    kind: 'today',
    pattern: '-(0\\d|1[0-2])-',
  },
  { zone, hour: 6, minute: 30, weekday: 0, kind: 'yesterday', pattern: '^\\d+$' },
]);

/** The offset of a zone's clock from UTC on the day of the test, as text for a pattern. */
function winterOffset(zone: string): string {
  const name = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
    .formatToParts(new Date(now))
    .find(({ type }) => type === 'timeZoneName')?.value;
  return name === 'GMT' ? 'Z' : (name ?? '').replace('GMT', '').replace('+', '\\+');
}

const templateOf = ({ zone, hour, minute, weekday, kind, pattern }: Case): string => `name: p
schedule:
  cron: "${minute} ${hour} * * ${weekday === null ? '*' : (weekday + 1) % 7}"
  timezone: ${zone}
  input: { value: "{% ${kind === 'scheduled_time' ? kind : `$${kind}(scheduled_time)`} %}" }
input_schema: { type: object, properties: { value: { type: string, pattern: '${pattern}' } } }
steps: [{ name: a, handler: a }]
`;

async function found(template: string): Promise<Diagnostic[]> {
  const parsed = parse(template);
  expect(parsed.codes).toEqual([]);
  const diagnostics: Diagnostic[] = [];
  if (parsed.template)
    await checkSchedule(parsed.template, { now: Date.parse(now), count: manyStarts }, (one) => diagnostics.push(one));
  return diagnostics;
}

const python = spawnSync('python3', [fileURLToPath(new URL('schedules.py', import.meta.url))], {
  input: JSON.stringify({ now, cases }),
  encoding: 'utf8',
});
const there = python.status === 0;
if (!there) console.warn('skipped: there is no python3 with zoneinfo to calculate the starts of schedules');

describe.skipIf(!there)('60 schedules in 12 zones, against an independent calculation', () => {
  const answers = there
    ? (JSON.parse(python.stdout) as {
        first: string | null;
        count: number;
        skipped: string | null;
        repeated: string | null;
      }[])
    : [];

  test('some fit always, some for a while, some never', () => {
    expect(cases).toHaveLength(60);
    expect(answers.filter(({ count }) => count === 0).length).toBeGreaterThan(20);
    expect(answers.filter(({ count }) => count > 0 && count < 400).length).toBeGreaterThan(15);
    expect(answers.filter(({ count }) => count === 400).length).toBeGreaterThanOrEqual(12);
    expect(answers.filter(({ skipped }) => skipped !== null).length).toBeGreaterThan(3);
  });

  /** In the fast tier one of each zone, and two or three of each kind. */
  const chosen = cases
    .map((one, index) => [one.zone, templateOf(one).split('\n')[2]?.trim(), index] as const)
    .filter((_, index) => sized(1, 0) === 0 || index % 6 === 0 || index === 59);
  test.each(chosen)(
    '%s, %s (%i): refused when and where it cannot start, and only then',
    async (_zone, _cron, index) => {
      const answer = answers[index];
      const diagnostics = await found(templateOf(cases[index] as Case));
      const refused = diagnostics.filter(({ code }) => code === 'SCHEDULE_REFUSED');
      expect(refused).toHaveLength(answer?.count === 0 ? 0 : 1);
      if (answer?.first) {
        expect(refused[0]?.message).toContain(` at ${answer.first}`);
        expect(refused[0]?.message).toContain(
          answer.count === 400 ? 'can never start' : `nor at ${answer.count - 1} other of its next 400`,
        );
        expect(refused[0]?.span).toMatchObject({ line: 5, column: 19 });
      }
      const changes = diagnostics.filter(({ code }) => code === 'CLOCK_CHANGE').map(({ message }) => message);
      const expected = [answer?.skipped, answer?.repeated].filter((date) => date !== null && date !== undefined);
      expect(changes.map((message) => /on (\S+) the clock/.exec(message)?.[1]).sort()).toEqual(expected.sort());
    },
  );
});
