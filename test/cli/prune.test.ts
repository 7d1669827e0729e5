import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { contentOf, goes, now, oldRuns, stays } from '../operate/prune/old-runs.ts';
import { cli } from './cli.ts';
import { project } from './project.ts';

/** So many days that the runs of the world are as old today as they were at its moment. */
const keepDays = String(30 + Math.floor((Date.now() - now) / (24 * 3_600_000)));

test('prune shows the same with --dry-run and without, and removes what the offline engine keeps of a run', async () => {
  const root = await project({});
  const store = join(root, '.daybreak/store');
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(store, path)), { recursive: true });
    await writeFile(join(store, path), text);
  };
  for (const [key, text] of await contentOf((await oldRuns()).store))
    await write(key, text.replaceAll(/memory:\/\/\/[^"]*/g, `file://${store}`));
  const log = (run: string): string => `.store/logs/sales/${run}/1/load.1.log`;
  for (const run of ['old-good', 'young']) await write(log(run), 'it was loaded\n');

  const dry = await cli(['prune', 'sales', '--keep-days', keepDays, '--dry-run', '--json'], { cwd: root });
  expect(existsSync(join(store, log('old-good')))).toBe(true);
  const shown = await cli(['prune', 'sales', '--keep-days', keepDays, '--dry-run'], { cwd: root });
  expect(shown.stdout).toMatch(/^6 runs would be removed: 1 dataset, \d+ objects, \d+(\.\d)? kB$/m);
  expect(shown.stdout).toContain('a dead letter of it is open');
  const real = await cli(['prune', 'sales', '--keep-days', keepDays, '--json'], { cwd: root });
  expect(real.json()).toEqual({ ...dry.json(), dry_run: false });
  const [pipeline] = real.json().pipelines as { removed: { run_id: string }[]; kept: { run_id: string }[] }[];
  // Only the memory of the world says that one of them works.
  expect(pipeline?.removed.map(({ run_id }) => run_id).sort()).toEqual([...goes, 'old-redriven'].sort());
  const kept = Object.keys(stays).filter((run) => run !== 'old-redriven');
  expect(pipeline?.kept.map(({ run_id }) => run_id).sort()).toEqual(kept.sort());
  expect(existsSync(join(store, '.store/logs/sales/old-good'))).toBe(false);
  expect(existsSync(join(store, log('young')))).toBe(true);
  const gone = await cli(['status', 'sales', 'old-good'], { cwd: root });
  expect(gone).toMatchObject({ code: 2, stderr: expect.stringContaining('was removed by `prune`') });
});
