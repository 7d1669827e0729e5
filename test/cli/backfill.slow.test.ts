import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, spawnCli } from './cli.ts';
import { handlerOf, project } from './project.ts';

const files = {
  'pipelines/demo.yaml': `name: demo
version: 1.0.0
partition: { by: day, key: day }
steps:
  - name: extract
    handler: { callable: extract }
    retry: { max_attempts: 1 }
  - name: total
    dependencies: [extract]
    handler: { callable: total }
`,
  // Each execution of a handler leaves a line.
  'lambdas/steps/demo/extract.ts': `import { appendFileSync, existsSync } from 'node:fs';\n${handlerOf(
    "  appendFileSync('%ROOT%/extracted.log', `${step.partition.name}\\n`);\n  if (existsSync(`%ROOT%/bad-${step.partition.name}`)) throw new Error('a bad day');\n  return {};",
  )}`,
  'lambdas/steps/demo/total.ts': `import { appendFileSync } from 'node:fs';\n${handlerOf(
    "  appendFileSync('%ROOT%/totals.log', `${step.partition.name}\\n`);\n  return {};",
  )}`,
};

const day = (index: number): string => new Date(Date.UTC(2026, 8, 1 + index)).toISOString().slice(0, 10);
const days = Array.from({ length: 60 }, (_, index) => day(index));
const range = ['--from', days[0] ?? '', '--to', days.at(-1) ?? ''];
const good = [3, 4, 5, 20, 21, 40, 59].map((index) => days[index] ?? '');
const failed = [0, 22, 41].map((index) => days[index] ?? '');

interface Listed {
  readonly counts: Readonly<Record<string, number>>;
  readonly partitions: readonly { readonly name: string; readonly status: string }[];
}

test('of 60 days with 7 good and 3 failed exactly 53 run; killed half-way and started again none is repeated; a run of tonight is not held up', async () => {
  const root = await project(files);
  const where = { cwd: root };
  const run = (name: string) => cli(['run', 'demo', '--partition', name], where);
  const lines = async (file: string) => (await readFile(join(root, file), 'utf8')).trim().split('\n');
  const list = async () => (await cli(['partitions', 'demo', ...range, '--json'], where)).json() as unknown as Listed;
  const named = (listed: Listed, status: string) =>
    listed.partitions.filter((one) => one.status === status).map(({ name }) => name);

  for (const name of failed) await writeFile(join(root, `bad-${name}`), '');
  for (const name of [...good, ...failed]) await run(name);
  for (const name of failed) await rm(join(root, `bad-${name}`));
  expect((await list()).counts).toEqual({ good: 7, stale: 0, failed: 3, missing: 50, running: 0 });

  const words = ['backfill', 'demo', ...range, '--missing', '--failed', '--max-concurrency', '2'];
  const dry = (await cli([...words, '--dry-run', '--json'], where)).json() as unknown as {
    readonly partitions: readonly { readonly partition: string }[];
  };
  const wanted = days.filter((name) => !good.includes(name));
  expect(dry.partitions.map(({ partition }) => partition)).toEqual(wanted);
  expect(await lines('extracted.log')).toHaveLength(10);

  const first = spawnCli(words, where);
  await first.said('(20 of 53)');
  // Tonight's run, while the backfill works: it does not wait, and the backfill is still at it when the run has ended.
  const tonight = await cli(['run', 'demo', '--partition', '2026-11-28', '--json'], where);
  expect(tonight.json()).toMatchObject({ status: 'SUCCEEDED' });
  expect(first.child.exitCode).toBeNull();
  first.child.kill('SIGKILL');
  await first.exited;

  const done = named(await list(), 'good');
  expect(done.length).toBeGreaterThanOrEqual(7 + 20);
  expect(done.length).toBeLessThan(60);
  const before = await lines('totals.log');
  const second = await cli([...words, '--json'], where);
  expect(second.code).toBe(0);
  const ran = (second.json() as unknown as typeof dry).partitions.map(({ partition }) => partition);
  expect(ran).toEqual(days.filter((name) => !done.includes(name)));
  expect((await list()).counts).toEqual({ good: 60, stale: 0, failed: 0, missing: 0, running: 0 });

  // No partition that was good was worked on again, and a step that had succeeded in a killed run was reused.
  const after = await lines('totals.log');
  expect(after.slice(before.length).filter((name) => done.includes(name))).toEqual([]);
  const times = Map.groupBy(await lines('extracted.log'), (name) => name);
  for (const name of done) expect([name, times.get(name)?.length]).toEqual([name, failed.includes(name) ? 2 : 1]);
  expect(after.filter((name) => days.includes(name)).toSorted()).toEqual(
    [...new Set(after)].filter((name) => days.includes(name)).toSorted(),
  );

  const third = await cli([...words, '--json'], where);
  expect(third.json()).toMatchObject({ partitions: [] });
});

test('stale partitions are continued: only the changed step and those after it run again', async () => {
  const root = await project(files);
  const where = { cwd: root };
  for (const name of days.slice(0, 2)) await cli(['run', 'demo', '--partition', name], where);
  const file = join(root, 'lambdas/steps/demo/total.ts');
  await writeFile(file, (await readFile(file, 'utf8')).replace('return {};', 'return { changed: true };'));
  const listed = (await cli(['partitions', 'demo', '--from', day(0), '--to', day(1), '--json'], where)).json();
  expect(listed).toMatchObject({ partitions: [{ status: 'stale', changed: ['total'] }, { status: 'stale' }] });
  const answer = await cli(['backfill', 'demo', '--from', day(0), '--to', day(1), '--stale', '--json'], where);
  expect(answer.json()).toMatchObject({ partitions: [{ outcome: 'succeeded', kind: 'resume' }, { kind: 'resume' }] });
  const lines = async (name: string) => (await readFile(join(root, name), 'utf8')).trim().split('\n').length;
  expect([await lines('extracted.log'), await lines('totals.log')]).toEqual([2, 4]);
  const again = ['backfill', 'demo', '--from', day(0), '--to', day(0), '--all', '--steps', 'extract', '--json'];
  expect((await cli(again, where)).json()).toMatchObject({ partitions: [{ outcome: 'succeeded', kind: 'resume' }] });
  expect([await lines('extracted.log'), await lines('totals.log')]).toEqual([3, 4]);
});
