import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { deadlineLine, onTimeLines, outlookLines } from '../../lib/cli/watch/outlook-lines.ts';
import { renderLive } from '../../lib/cli/watch/render-live.ts';
import { RunView } from '../../lib/cli/watch/run-view.ts';
import type { DeadlineRecord } from '../../lib/contract/events/deadline-record.ts';
import { cli } from './cli.ts';
import { folderWith, handlerOf, remove } from './project.ts';

const at = (time: string): number => Date.parse(`2026-01-12T${time}Z`);
const notice = { severity: 'high', execution: 1, expected: null, late_seconds: 60, reported: true } as const;
const record = (more: Partial<DeadlineRecord> = {}): DeadlineRecord => ({
  step: null,
  scheduled_time: '2026-01-12T01:00:00.000Z',
  ready_by: '2026-01-12T07:00:00.000Z',
  run_id: 'r',
  at_risk: null,
  missed: null,
  met: null,
  ...more,
});
const lines = (one: DeadlineRecord, now = '05:00'): string[] =>
  outlookLines({ estimate: null, deadlines: [one] }, at(now));
const met = (time: string) => ({ met: { at: new Date(at(time)).toISOString(), execution: 1, reported: true } });

test.each([
  [record(), 'deadline 07:00 UTC in 2 h 00 m'],
  [record({ step: 'load' }), 'load: deadline 07:00 UTC in 2 h 00 m'],
  [
    record({ at_risk: { ...notice, at: '2026-01-12T04:00:00.000Z', held_up_by: 'load' } }),
    'deadline 2026-01-12 07:00 UTC in danger; load holds it up',
  ],
  [
    record({ missed: { ...notice, at: '2026-01-12T07:00:00.000Z', held_up_by: null } }),
    'deadline 2026-01-12 07:00 UTC missed',
  ],
  [record(met('04:30')), 'deadline 2026-01-12 07:00 UTC met, 2 h 30 m ahead'],
  [record(met('07:41')), 'deadline 2026-01-12 07:00 UTC missed by 41 m 00 s'],
])('a deadline has one line: %#', (one, text) => {
  expect(lines(one)).toEqual([text]);
});

test('the estimate says if a deadline is in danger', () => {
  const line = (from: string, to: string) =>
    deadlineLine(at('07:00'), { now: at('06:30'), end: { from: at(from), to: at(to) } });
  expect(line('06:40', '06:59')).toBe('deadline 07:00 UTC in 30 m 00 s');
  expect(line('06:40', '07:10')).toBe('deadline 07:00 UTC in 30 m 00 s: it may be missed');
  expect(line('07:01', '07:10')).toBe('deadline 07:00 UTC in 30 m 00 s: it will probably be missed');
  expect(deadlineLine(at('07:00'), { now: at('07:05'), end: null })).toBe('deadline 07:00 UTC missed 5 m 00 s ago');
});

test('a person who watches sees the deadline below the end of the run', () => {
  const steps = [{ name: 'load', dependencies: [] }];
  const expected = { run: null, steps: new Map([['load', 3_600_000]]) };
  const view = new RunView({ name: 'sales', steps, expected, readyBy: at('07:00') }, []);
  view.tell({ type: 'started', run_id: 'r1', input: {}, at: at('06:30') });
  const frame = { now: at('06:30'), columns: 80, rows: 20, paint: (text: string) => text };
  const [, ends, deadline] = renderLive(view, frame);
  expect(ends).toMatch(/^ {2}ends in 4\d m \d\d s to 1 h \d\d m \(.* UTC\) by the template/);
  expect(deadline).toBe('  deadline 07:00 UTC in 30 m 00 s: it will probably be missed');
  expect(renderLive(view, { ...frame, rows: 4 })).toHaveLength(3);
});

test('the share of deadlines that were met has a line for the run and for each step', () => {
  expect(
    onTimeLines([
      { step: null, met: 27, of: 28, percent: 96.4 },
      { step: 'load', met: 3, of: 3, percent: 100 },
    ]),
  ).toEqual(['ready in time: 27 of 28 (96.4 %) over 30 days', 'load ready in time: 3 of 3 (100 %) over 30 days']);
});

test('status shows the deadline of a run on this machine, and the share of those that were met', async () => {
  const now = Date.now();
  const clock = (time: number): string => new Date(time).toISOString().slice(11, 16);
  const [hour, minute] = clock(now - 300_000)
    .split(':')
    .map(Number);
  const root = await folderWith({
    'pipelines/report.yaml': `name: report
version: 1.0.0
schedule: { cron: "${minute} ${hour} * * *" }
deadline: { ready_by: "${clock(now + 3_600_000)}" }
steps: [{ name: page, handler: { callable: page } }]
`,
    'lambdas/steps/report/page.ts': handlerOf('  return {};'),
  });
  try {
    const start = `${new Date(now - 300_000).toISOString().slice(0, 16)}:00Z`;
    expect((await cli(['run', 'report', '--scheduled-for', start], { cwd: root })).code).toBe(0);
    const [run] = (await cli(['status', 'report', '--json'], { cwd: root })).json().runs as { run_id: string }[];
    const shown = await cli(['status', 'report', run?.run_id ?? ''], { cwd: root });
    expect(shown.stdout).toMatch(/\n {2}deadline \S+ \S+ UTC met, (59 m \d\d s|1 h 00 m) ahead\n/);
    const json = (await cli(['status', 'report', run?.run_id ?? '', '--json'], { cwd: root })).json();
    expect(json).toMatchObject({
      estimate: null,
      deadlines: [{ step: null, missed: false, at_risk_since: null, met_at: expect.any(String), late_seconds: 0 }],
    });
    const store = fileURLToPath(String((await cli(['status', 'report', '--json'], { cwd: root })).json().store));
    const old = [1, 2, 3].map((days) =>
      record({
        scheduled_time: new Date(now - days * 86_400_000 - 600_000).toISOString(),
        ready_by: new Date(now - days * 86_400_000).toISOString(),
        met:
          days === 2
            ? null
            : { at: new Date(now - days * 86_400_000 - 60_000).toISOString(), execution: 1, reported: true },
      }),
    );
    const state = { pipeline: 'report', schedule: 's', since: start, deadlines: old };
    await writeFile(join(store, 'report', 'deadlines.json'), JSON.stringify(state));
    const list = await cli(['status', 'report'], { cwd: root });
    expect(list.stdout).toContain('  ready in time: 2 of 3 (66.6 %) over 30 days\n');
    expect((await cli(['status', 'report', '--json'], { cwd: root })).json().on_time).toEqual([
      { step: null, met: 2, of: 3, percent: 66.6 },
    ]);
  } finally {
    await remove(root);
  }
});
