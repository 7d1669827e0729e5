import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { slowTest } from '../support/sized.ts';
import { cli } from './cli.ts';
import { project, twoSteps } from './project.ts';
import { here, input, runIdIn, untilMarked } from './redrive-project.ts';

slowTest('a redrive continues a failed run: steps that succeeded are reused, the failed one runs again', async () => {
  const root = await project(untilMarked(here));
  const failed = await cli(['run', 'demo', '--json', '--input', input], { cwd: root });
  expect(failed.code).toBe(1);
  const runId = runIdIn(failed.json());

  const again = await cli(['redrive', 'demo', runId, '--json'], { cwd: root });
  expect(again.code).toBe(1);
  expect(again.json()).toMatchObject({ status: 'FAILED', execution: 2, dead_letters: [{ step: 'second' }] });

  await writeFile(join(root, 'marker'), '');
  const { code, json } = await cli(['redrive', 'demo', runId, '--json'], { cwd: root });
  expect(code).toBe(0);
  expect(json()).toMatchObject({
    run_id: runId,
    status: 'SUCCEEDED',
    execution: 3,
    input: { day: '2026-01-31', count: 1 },
    exit: { code: 0, status: 'SUCCEEDED' },
    steps: {
      first: { outcome: 'reused' },
      second: { outcome: 'succeeded', attempts: 1, result: { seen: { day: '2026-01-31' } } },
    },
    dead_letters: [],
  });
  expect(await readFile(join(root, 'ran'), 'utf8')).toBe('first\n');
});

test('an unknown run is a usage error', async () => {
  const root = await project(twoSteps);
  for (const run of ['2026-01-01', '../demo']) {
    const { code, json } = await cli(['redrive', 'demo', run, '--json'], { cwd: root });
    expect(code).toBe(2);
    expect(json().error).toMatchObject({ code: 'USAGE', message: expect.stringContaining(`has no run "${run}"`) });
  }
  expect(existsSync(join(root, '.daybreak'))).toBe(false);
});
