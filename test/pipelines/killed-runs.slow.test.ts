import { randomInt } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import type { Manifest } from '../../lib/contract/records/manifest.ts';
import { type Ran, spawnCli } from '../cli/cli.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true, maxRetries: 5 }))));

async function store() {
  const folder = await mkdtemp(join(tmpdir(), 'daybreak-killed-'));
  folders.push(folder);
  const start = (args: readonly string[]) => spawnCli([...args, '--store', folder, '--json'], { cwd: root });
  return { folder, start };
}

const runs = (folder: string): Promise<string[]> => readdir(join(folder, 'customer_analytics/runs')).catch(() => []);

/** Content of everything that the steps of the only run made, by step. Each step has one manifest. */
async function contents(folder: string): Promise<Record<string, unknown>> {
  const [run = ''] = await runs(folder);
  const steps = join(folder, 'customer_analytics/runs', run, 'steps');
  const found: Record<string, unknown> = {};
  for (const step of (await readdir(steps)).sort()) {
    const names = await readdir(join(steps, step, 'manifests'));
    expect(names).toHaveLength(1);
    const text = await readFile(join(steps, step, 'manifests', names[0] ?? ''), 'utf8');
    const { datasets, files, result } = JSON.parse(text) as Manifest;
    const texts = Object.values(files).map(({ key }) => readFile(join(folder, key), 'utf8'));
    found[step] = {
      result,
      datasets: Object.entries(datasets).map(([name, { content_digest, rows }]) => [name, content_digest, rows]),
      // The dashboard names its run and its time.
      files: (await Promise.all(texts)).map((text) => text.replaceAll(run, '<run>').replace(/<dt>Made<.*/, '')),
    };
  }
  return found;
}

const channelsIn = async (folder: string): Promise<string[]> =>
  (await readFile(join(folder, 'outbox/notifications.ndjson'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).channel);

test('customer_analytics, killed at random moments and resumed, ends as if undisturbed, and messages each channel once', async () => {
  const calm = await store();
  const began = Date.now();
  const whole = await calm.start(['run', 'customer_analytics']).exited;
  expect(whole.code).toBe(0);
  const taken = Date.now() - began;
  const expected = await contents(calm.folder);
  const channels = await channelsIn(calm.folder);
  expect(channels.length).toBeGreaterThan(0);

  const moments: number[] = [];
  const { folder, start } = await store();
  let ended: Ran | null = null;
  for (let kills = 0; ended === null; kills += 1) {
    const [run] = await runs(folder);
    const { child, exited } = start(run ? ['resume', 'customer_analytics', run] : ['run', 'customer_analytics']);
    const moment = kills < 3 ? randomInt(500, taken + 500) : 600_000;
    moments.push(moment);
    await Promise.race([exited, sleep(moment, undefined, { ref: false })]);
    child.kill('SIGKILL');
    const result = await exited;
    if (result.code !== null) ended = result;
  }
  console.info(`an undisturbed run took ${taken} ms; killed after ${moments.slice(0, -1).join(', ')} ms`);
  expect(ended.code, ended.stderr).toBe(0);
  expect(await runs(folder)).toHaveLength(1);
  expect(await contents(folder)).toEqual(expected);
  expect(await channelsIn(folder)).toEqual(channels);

  const [run = ''] = await runs(folder);
  const again = await start(['resume', 'customer_analytics', run, '--from', 'send_notifications']).exited;
  expect(again.code).toBe(0);
  expect(await channelsIn(folder)).toEqual(channels);
}, 1_200_000);
