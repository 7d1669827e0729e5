import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { cli, spawnCli } from './cli.ts';
import { handlerOf, project, twoSteps } from './project.ts';

const input = '{"day":"2026-01-31","count":1}';

const sleep = (ms: number) => `  await new Promise((resolve) => setTimeout(resolve, ${ms}));`;

/** The second step reports its progress once; the store skips reports of its first seconds. */
const slow = (body: string) => ({
  ...twoSteps,
  'lambdas/steps/demo/second.ts': handlerOf(
    [sleep(3_100), "  await step.progress(3, 10, 'third');", sleep(1_500), body].join('\n'),
  ),
});

test('a run of another process is followed to its end, with the output and the exit code of `run`', async () => {
  const root = await project(slow("  throw new Error('no luck');"));
  const running = spawnCli(['run', 'demo', '--json', '--input', input], { cwd: root });
  await running.said('second attempt 1 started');
  const watched = await cli(['status', 'demo', '--watch', '--json'], { cwd: root });
  expect(watched.code).toBe(1);
  expect(watched.json()).toEqual((await running.exited).json());
  const told = watched.stderr.split('\n').map((line) => line.slice(11));
  expect(told).toEqual([
    expect.stringMatching(/^run \S+ started at 2/),
    'first attempt 1 started',
    'first succeeded',
    'second attempt 1 started',
    'second 3 of 10 third',
    'second attempt failed: Error: no luck, at lambdas/steps/demo/second.ts:6:9',
    'second failed',
    '',
  ]);
});

test('a terminal shows the same picture as with `run`', async () => {
  const root = await project(slow('  return {};'));
  const running = spawnCli(['run', 'demo', '--input', input], { cwd: root });
  await running.said('second attempt 1 started');
  const watched = await cli(['status', 'demo', '--watch'], { cwd: root, columns: 100 });
  expect(watched.code).toBe(0);
  expect(stripVTControlCharacters(watched.stderr)).toMatch(
    /second +running +[\d.]+ s +██░░░░░░ 3 of 10 \(30 %\) · (?:[\d.]+\/s · )?third/,
  );
  expect(watched.stdout).toContain('SUCCEEDED');
  await running.exited;
});
