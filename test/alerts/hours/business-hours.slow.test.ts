import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isBusinessTime, nextBusinessTime } from '../../../lib/alerts/hours/business-hours.ts';
import type { BusinessHours } from '../../../lib/contract/events/alert-settings.ts';

const script = fileURLToPath(new URL('business_hours.py', import.meta.url));
const hasPython = spawnSync('python3', ['-c', 'import zoneinfo; zoneinfo.ZoneInfo("Asia/Kolkata")']).status === 0;
const skipped = 'python3 with its time zone database is missing: there is no independent calculation';

const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'];

/** Office hours with holidays, and a night shift over the changes of every zone's clock. */
const shifts: readonly Omit<BusinessHours, 'timezone'>[] = [
  { days: [1, 2, 3, 4, 5], from: 540, to: 1050, holidays: ['2026-01-01', '2026-04-06', '2026-12-25', '2027-05-06'] },
  { days: [0, 3, 6], from: 1305, to: 150, holidays: ['2026-03-28', '2026-10-31'] },
  { days: [0, 1, 6], from: 75, to: 150, holidays: [] },
];

describe.skipIf(!hasPython)(`business hours against zoneinfo${hasPython ? '' : ` (${skipped})`}`, () => {
  for (const timezone of zones) {
    test(`agree in every hour of two years in ${timezone}`, () => {
      for (const shift of shifts) {
        const hours = { ...shift, timezone };
        const asked = { ...shift, zone: timezone, start: '2026-01-01T00:00', end: '2028-01-01T00:00' };
        const { stdout } = spawnSync('python3', [script, JSON.stringify(asked)], { encoding: 'utf8', maxBuffer: 1e8 });
        const expected = stdout.trim().split('\n');
        const found = expected.map((line) => {
          const epoch = Number(line.split(' ')[0]) * 1000;
          const following = nextBusinessTime(epoch, hours);
          return `${epoch / 1000} ${Number(isBusinessTime(epoch, hours))} ${following === null ? 'None' : following / 1000}`;
        });
        expect(expected.length).toBe(2 * 365 * 24);
        expect(found.filter((line, index) => line !== expected[index])).toEqual([]);
      }
    });
  }
});
