import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { readParquet } from '../support/read-parquet.ts';
import { cli, spawnCli } from './cli.ts';
import { handlerOf, project } from './project.ts';
import { allReused, dryRun, edit, files, outcomesOf, type Report, reasonsOf, rowsOf, runIn } from './resume-project.ts';

describe('of a run that has succeeded', () => {
  const good = { ...files, 'lambdas/steps/demo/users.ts': rowsOf('users', "'users'") };
  const succeeded = async () => {
    const root = await project(good);
    return { root, run: (await runIn(root, ['run', 'demo'])).report.run_id };
  };

  test('a run that has succeeded is reused as a whole if nothing has changed', async () => {
    const { root, run } = await succeeded();
    const { code, report } = await runIn(root, ['resume', 'demo', run]);
    expect(code).toBe(0);
    expect(reasonsOf(report)).toEqual(allReused);
    expect(outcomesOf(report)).toEqual({ users: 'reused', orders: 'reused', join: 'reused', report: 'reused' });
  });

  test('only changes that can affect a result count', async () => {
    const { root, run } = await succeeded();
    await edit(
      root,
      'pipelines/demo.yaml',
      'retry: { max_attempts: 1 }',
      'retry: { max_attempts: 4, backoff: linear }\n    timeout: 40m\n    memory_mb: 2048\n    severity: low\n    description: Reads the users',
    );
    await edit(root, 'lambdas/steps/demo/users.ts', 'await step', '// what the CRM has\n\n\n      await   step');
    await writeFile(join(root, 'lambdas/steps/demo/unrelated.ts'), handlerOf('  return 1;'));
    expect(await dryRun(root, run)).toEqual(allReused);
    const { report } = await runIn(root, ['resume', 'demo', run]);
    expect(outcomesOf(report)).toEqual({ users: 'reused', orders: 'reused', join: 'reused', report: 'reused' });
  });

  test('a changed upstream with the same result invalidates nothing; with another result, exactly its downstream steps', async () => {
    const { root, run } = await succeeded();
    const mayRun = { join: 'may_run: depends on users', report: 'may_run: depends on join' };
    await edit(root, 'lambdas/steps/demo/users.ts', "'users' }]", "'us' + 'ers'.slice(0) }]");
    expect(await dryRun(root, run)).toEqual({ ...allReused, users: 'run: code changed: users.ts', ...mayRun });
    const same = await runIn(root, ['resume', 'demo', run]);
    expect(outcomesOf(same.report)).toEqual({
      users: 'succeeded',
      orders: 'reused',
      join: 'reused',
      report: 'reused',
    });

    await edit(root, 'pipelines/demo.yaml', 'batch_size: 10', 'batch_size: 20');
    await edit(root, 'lambdas/steps/demo/users.ts', "return 'users'", "return 'others'");
    expect((await dryRun(root, run)).users).toBe(
      'run: code changed: users.ts; configuration changed: initialization.batch_size',
    );
    const other = await runIn(root, ['resume', 'demo', run]);
    // `report` depends on join alone, which runs and writes another row.
    expect(outcomesOf(other.report)).toEqual({
      users: 'succeeded',
      orders: 'reused',
      join: 'succeeded',
      report: 'succeeded',
    });
  });

  test('--from runs steps again, and a damaged dataset is made again', async () => {
    const { root, run } = await succeeded();
    const { report } = await runIn(root, ['resume', 'demo', run, '--from', 'users', 'report']);
    expect(outcomesOf(report)).toEqual({ users: 'succeeded', orders: 'reused', join: 'reused', report: 'succeeded' });

    const data = join(root, '.daybreak/store/demo/runs', run, 'data/orders');
    const [folder = ''] = await readdir(data);
    await writeFile(join(data, folder, 'rows/part-00000.parquet'), 'not what was written');
    expect(await dryRun(root, run)).toEqual({
      ...allReused,
      orders: 'run: data damaged: rows (part-00000.parquet)',
      join: 'may_run: depends on orders',
      report: 'may_run: depends on join',
    });
    const repaired = await runIn(root, ['resume', 'demo', run]);
    expect(outcomesOf(repaired.report)).toEqual({
      users: 'reused',
      orders: 'succeeded',
      join: 'reused',
      report: 'reused',
    });
    expect(await dryRun(root, run)).toEqual(allReused);
  });

  test('a new input runs the steps that read it, and the run continues with it', async () => {
    const { root, run } = await succeeded();
    expect((await dryRun(root, run, '--input', '{"day":2}')).users).toBe('run: input changed: day');
    const { report } = await runIn(root, ['resume', 'demo', run, '--input', '{"day":2}']);
    expect(report).toMatchObject({ input: { day: 2 }, execution: 2 });
    expect(await dryRun(root, run)).toEqual(allReused);
  });
});

test('one of several concurrent resumes continues the run; the others report who holds it', async () => {
  const slow = handlerOf('  await new Promise((resolve) => setTimeout(resolve, 6_000));\n  return 1;');
  const root = await project(files);
  const { run_id } = (await runIn(root, ['run', 'demo'])).report;
  await writeFile(join(root, 'lambdas/steps/demo/users.ts'), slow);
  const starts = Array.from({ length: 3 }, () => spawnCli(['resume', 'demo', run_id], { cwd: root }));
  const ended = await Promise.all(starts.map(({ exited }) => exited));
  expect(ended.map(({ code }) => code).sort()).toEqual([0, 1, 1]);
  for (const { code, stderr } of ended) {
    if (code === 1)
      expect(stderr).toMatch(
        /error: run \S+ (is being worked on by|was resumed in the meantime by|is active since) .*arn:/,
      );
  }
  const { report } = await runIn(root, ['status', 'demo', run_id]);
  expect(report).toMatchObject({ execution: 2, status: 'SUCCEEDED' });
});

test('a running run is held by its own execution', async () => {
  const root = await project({
    ...files,
    'lambdas/steps/demo/users.ts': handlerOf('  await new Promise((resolve) => setTimeout(resolve, 600_000));'),
  });
  const { child, exited, said } = spawnCli(['run', 'demo'], { cwd: root });
  await said('users attempt 1 started');
  const [run = ''] = await readdir(join(root, '.daybreak/store/demo/runs'));
  for (const more of [[], ['--dry-run']]) {
    const { code, stderr, stdout } = await cli(['resume', 'demo', run, ...more], { cwd: root });
    expect(code).toBe(1);
    expect(stderr).toMatch(/error: run \S+ is being worked on by arn:\S+ \(execution 1, started at \S+\)/);
    expect(stdout).toBe('');
  }
  await vi.waitUntil(
    () => existsSync(join(root, '.daybreak/store/demo/runs', run, 'steps/users/progress.json')),
    240_000,
  );
  child.kill('SIGKILL');
  await exited;
  expect(await dryRun(root, run)).toMatchObject({ users: 'run: interrupted before', join: 'run: not run before' });
});

test('an interrupted run continues with its finished steps', async () => {
  const root = await project({
    ...files,
    'lambdas/steps/demo/users.ts': handlerOf('  await new Promise((resolve) => setTimeout(resolve, 600_000));'),
  });
  const { child, exited, said } = spawnCli(['run', 'demo', '--json'], { cwd: root });
  await said('orders succeeded');
  await said('users attempt 1 started');
  child.kill('SIGINT');
  const { run_id, status } = (await exited).json() as unknown as Report;
  expect(status).toBe('ABORTED');
  await writeFile(join(root, 'lambdas/steps/demo/users.ts'), rowsOf('users', "'users'"));
  const { report } = await runIn(root, ['resume', 'demo', run_id]);
  expect(outcomesOf(report)).toEqual({
    users: 'succeeded',
    orders: 'reused',
    join: 'succeeded',
    report: 'succeeded',
  });
});

test('a resume has the source data and the environment of the start', async () => {
  const root = await project({
    ...files,
    'pipelines/demo.yaml': `${files['pipelines/demo.yaml']}local: { setup: setup.ts }
environments:
  staging:
    steps:
      - { name: users, handler: { callable: users, initialization: { batch_size: 99 } } }
`,
    'setup.ts':
      'export const start = async ({ data }) => ({ environment: { FROM: String(data) }, stop: async () => undefined });\n',
    'lambdas/steps/demo/orders.ts': rowsOf('orders', '`${process.env.FROM}`'),
    'lambdas/steps/demo/join.ts': rowsOf('join', '`${process.env.FROM}`'),
    'lines.csv': 'a,b\n',
  });
  const { report } = await runIn(root, ['run', 'demo', '--data', 'lines.csv', '--env', 'staging']);
  await writeFile(join(root, 'lambdas/steps/demo/users.ts'), handlerOf('  return step.config.batch_size;'));
  const resumed = await runIn(root, ['resume', 'demo', report.run_id]);
  expect(resumed.report.status).toBe('SUCCEEDED');
  const rows = (step: string) => firstRow(resumed.report as never, step);
  expect(await rows('join')).toEqual({ made_by: join(root, 'lines.csv') });
  expect(resumed.report.steps.users).toMatchObject({ result: 99 });

  await rm(join(root, 'lines.csv'));
  const gone = await cli(['resume', 'demo', report.run_id], { cwd: root });
  expect(gone.code).toBe(2);
  expect(gone.stderr).toContain(
    `the run was started with the source data "${join(root, 'lines.csv')}", which no longer exists: put it back, or name another file with --data`,
  );
  await writeFile(join(root, 'other.csv'), 'a\n');
  const other = await runIn(root, ['resume', 'demo', report.run_id, '--data', 'other.csv', '--from', 'join']);
  expect(await firstRow(other.report as never, 'join')).toEqual({ made_by: join(root, 'other.csv') });
});

type WithRows = { steps: Record<string, { datasets: Record<string, { paths: string[] }> }> };
async function firstRow({ steps }: WithRows, step: string): Promise<unknown> {
  const [path = ''] = steps[step]?.datasets.rows?.paths ?? [];
  return (await readParquet(path))[0];
}
