import { expect, test } from 'vitest';
import { killRuns } from './kill-runs.ts';

test('a run whose process is killed with SIGKILL goes on where it was, and loses and doubles nothing', async () => {
  const report = await killRuns({ kills: 5, seed: 1 });
  console.info(`${report.kills} kills of ${report.runs} runs in ${report.seconds.toFixed(0)} s`);
  expect(report.violations).toEqual([]);
  expect(report.kills).toBe(5);
});
