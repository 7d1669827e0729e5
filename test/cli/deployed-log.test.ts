import { expect, test } from 'vitest';
import { deployedLog } from '../../lib/cli/logs/deployed-log.ts';
import type { RunReport } from '../../lib/operate/runs/run-report.ts';
import type { FunctionLogs, LogEvent } from '../../lib/ports/ports.ts';

const said = (run: string, step: string, attempt: number, message: string): string =>
  JSON.stringify({
    time: '2026-01-31T01:00:00.000Z',
    level: 'INFO',
    message,
    pipeline: 'p',
    run,
    execution: 1,
    step,
    attempt,
  });

/** One warm environment: load of another run, then load of this run, then clean of this run. A second one was killed without a word of `step.log`. */
const streams: Readonly<Record<string, readonly (readonly [at: number, message: string])[]>> = {
  warm: [
    [1_000, 'INIT_START Runtime Version: nodejs:24.v1\n'],
    [1_100, 'START RequestId: a Version: 1\n'],
    [1_200, `${said('other', 'load', 1, 'of another run')}\n`],
    [1_300, 'REPORT RequestId: a\tDuration: 200 ms\n'],
    [2_000, 'START RequestId: b Version: 1\n'],
    [2_100, '2026-01-31T01:00:00.000Z\tb\tINFO\tplain text\n'],
    [2_200, `${said('night', 'load', 2, 'loaded')}\n`],
    [2_300, 'END RequestId: b\n'],
    [2_300, 'REPORT RequestId: b\tDuration: 300 ms\n'],
    [3_000, 'START RequestId: c Version: 1\n'],
    [3_100, `${said('night', 'clean', 1, 'cleaned')}\n`],
  ],
  killed: [
    [5_000, 'START RequestId: d Version: 1\n'],
    [5_100, '2026-01-31T01:00:05.000Z\td\tINFO\twaiting\n'],
    [8_000, '2026-01-31T01:00:08.000Z d Task timed out after 3.00 seconds\n'],
  ],
};

const logs: FunctionLogs = {
  groups: async () => ['group'],
  async *matching(_group, pattern) {
    expect(pattern).toMatch(/^\{ \$\.run = "night"( && \$\.step = "\w+")? \}$/);
    for (const [stream, events] of Object.entries(streams))
      for (const [at, message] of events)
        if (message.includes('"run":"night"')) yield { stream, at, message } satisfies LogEvent;
  },
  async *stream(_group, stream, { from, to }) {
    for (const [at, message] of streams[stream] ?? []) if (at >= from && at <= to) yield { stream, at, message };
  },
};

const report = {
  started_at: new Date(0).toISOString(),
  dead_letters: [
    {
      step: 'wait',
      execution: 1,
      attempts: 1,
      failed_at: new Date(9_000).toISOString(),
      logs: { group: 'group', stream: 'killed' },
    },
  ],
} as unknown as RunReport;

const wish = { pipeline: 'p', runId: 'night', step: null, attempt: null, most: 100 };

test('the log of a deployed run has whole invocations of its steps, and no line of another run', async () => {
  const chunks = await deployedLog(logs, report, wish).read();
  expect(chunks).toEqual([
    {
      step: 'load',
      execution: 1,
      attempt: 2,
      cut: false,
      lines: [
        '2026-01-31T01:00:00.000Z\tb\tINFO\tplain text',
        said('night', 'load', 2, 'loaded'),
        'REPORT RequestId: b\tDuration: 300 ms',
      ],
    },
    { step: 'clean', execution: 1, attempt: 1, cut: false, lines: [said('night', 'clean', 1, 'cleaned')] },
    {
      step: 'wait',
      execution: 1,
      attempt: 1,
      cut: false,
      lines: [
        '2026-01-31T01:00:05.000Z\td\tINFO\twaiting',
        '2026-01-31T01:00:08.000Z d Task timed out after 3.00 seconds',
      ],
    },
  ]);
});

test('one step, one attempt, and the last lines only', async () => {
  const only = await deployedLog(logs, report, { ...wish, step: 'load', attempt: 2, most: 1 }).read();
  expect(only).toEqual([
    { step: 'load', execution: 1, attempt: 2, cut: true, lines: ['REPORT RequestId: b\tDuration: 300 ms'] },
  ]);
});

test('a second read gives only lines that are new', async () => {
  const reader = deployedLog(logs, report, wish);
  await reader.read();
  expect(await reader.read()).toEqual([]);
});
